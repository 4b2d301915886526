import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemasDir } from './scratch-integration.ts';

/*
 * A second opinion on our records. It reads the committed facts and shares no line with engine/ocsf, so that one cannot
 * hide the other's mistakes; it is the plainest reading of the facts, with no care for speed or for telling what to do.
 */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Attribute = {
  type: string;
  object_type?: string;
  is_array?: boolean;
  requirement: string;
  profiles?: string[];
  enum?: { [id: string]: string };
  sibling?: string;
  observable?: number;
};
type Shape = {
  caption: string;
  attributes: { [name: string]: Attribute };
  constraints?: { at_least_one?: string[]; just_one?: string[] };
};
type Class = Shape & { uid: number; category_uid: number };
type Release = {
  categories: { [name: string]: { uid: number; caption: string } };
  types: {
    [name: string]: { json: string; regex?: string; range?: [number, number]; max_len?: number; observable?: number };
  };
  observables: { [id: string]: { caption: string } };
  classes: { [name: string]: { uid: number } };
};
type Facts = { release: Release; objects: { [name: string]: Shape }; classOf: (uid: number) => Class | undefined };

/** What is wrong with a record of that release, one sentence each; `[]` is a valid record. */
export function independentCheck(version: string, record: unknown): string[] {
  const facts = factsOf(version);
  if (!isObject(record)) return ['is no object'];
  const shape = typeof record['class_uid'] === 'number' ? facts.classOf(record['class_uid']) : undefined;
  if (shape === undefined) return [`class_uid ${textOf(record['class_uid'])} is no class`];
  const profiles = profilesOf(record);
  return [
    ...checkShape(facts, shape, record, '', profiles),
    ...checkHead(facts, shape, record, version),
    ...checkObservables(facts, shape, record),
  ];
}

const known = new Map<string, Facts>();

function factsOf(version: string): Facts {
  const found = known.get(version);
  if (found !== undefined) return found;
  const read = (name: string): unknown => JSON.parse(readFileSync(join(schemasDir, 'ocsf', version, name), 'utf8'));
  const release = read('release.json') as Release; // the shapes that schemas/README.md tells
  const objects = read('objects.json') as Facts['objects'];
  const classes = new Map<number, Class>();
  const facts: Facts = {
    release,
    objects,
    classOf(uid) {
      const [name] = Object.entries(release.classes).find(([, one]) => one.uid === uid) ?? [];
      if (name === undefined) return undefined;
      const shape = classes.get(uid) ?? (read(`classes/${name.replaceAll('/', '_')}.json`) as Class);
      classes.set(uid, shape);
      return shape;
    },
  };
  known.set(version, facts);
  return facts;
}

function checkShape(
  facts: Facts,
  shape: Shape,
  value: { [key: string]: Json },
  at: string,
  profiles: string[],
): string[] {
  if (Object.keys(shape.attributes).length === 0) return []; // an open object, for example unmapped
  const applies = ({ profiles: needed }: Attribute): boolean => needed?.some((name) => profiles.includes(name)) ?? true;
  const found: string[] = [];
  for (const [name, attribute] of Object.entries(shape.attributes)) {
    if (attribute.requirement === 'required' && applies(attribute) && !(name in value)) {
      found.push(`${at}${name} is required`);
    }
  }
  for (const [name, inner] of Object.entries(value)) {
    const attribute = shape.attributes[name];
    if (attribute === undefined || !applies(attribute)) found.push(`${at}${name} is no attribute here`);
    else
      found.push(
        ...checkAttribute(facts, attribute, inner, `${at}${name}`, profiles),
        ...checkSibling(attribute, inner, value, at),
      );
  }
  const { at_least_one: some, just_one: one } = shape.constraints ?? {};
  if (some !== undefined && !some.some((name) => name in value)) found.push(`${at} lacks one of ${some.join()}`);
  if (one !== undefined && one.filter((name) => name in value).length !== 1)
    found.push(`${at} wants one of ${one.join()}`);
  return found;
}

function checkAttribute(facts: Facts, attribute: Attribute, value: Json, at: string, profiles: string[]): string[] {
  if (attribute.is_array !== true) return checkOne(facts, attribute, value, at, profiles);
  if (!Array.isArray(value)) return [`${at} is no array`];
  if (value.length === 0) return [`${at} is empty`];
  return value.flatMap((item, index) => checkOne(facts, attribute, item, `${at}[${index}]`, profiles));
}

function checkOne(facts: Facts, attribute: Attribute, value: Json, at: string, profiles: string[]): string[] {
  if (attribute.object_type !== undefined) {
    const shape = facts.objects[attribute.object_type];
    if (shape === undefined) return [`${at}: unknown object ${attribute.object_type}`];
    if (!isObject(value)) return [`${at} is no object`];
    if (Object.keys(value).length === 0) return [`${at} is empty`];
    return checkShape(facts, shape, value, `${at}.`, profiles);
  }
  const type = facts.release.types[attribute.type];
  if (type === undefined) return [`${at}: unknown type ${attribute.type}`];
  if (value === null || value === '') return [`${at} is empty`];
  if (!isOf(type.json, value)) return [`${at} is no ${attribute.type}: ${JSON.stringify(value).slice(0, 60)}`];
  const found: string[] = [];
  if (attribute.enum !== undefined && !(textOf(value) in attribute.enum))
    found.push(`${at}: ${textOf(value)} is not listed`);
  if (typeof value === 'string' && type.regex !== undefined && !new RegExp(type.regex).test(value)) {
    found.push(`${at} does not fit the pattern of ${attribute.type}`);
  }
  if (typeof value === 'string' && value.length > (type.max_len ?? Infinity)) found.push(`${at} is too long`);
  const [low, high] = type.range ?? [-Infinity, Infinity];
  if (typeof value === 'number' && (value < low || value > high)) found.push(`${at} is out of range`);
  // Milliseconds: seconds would lie in January 1970, microseconds thousands of years ahead.
  if (attribute.type === 'timestamp_t' && (Number(value) < Date.UTC(1975, 0) || Number(value) > Date.UTC(2200, 0))) {
    found.push(`${at} is no time in milliseconds`);
  }
  return found;
}

function isOf(json: string, value: Json): boolean {
  if (json === 'any') return true;
  return json === 'integer' ? Number.isSafeInteger(value) : typeof value === json;
}

/** Where id and caption stand together, one must say what the other does; 99 is captioned in the source's word. */
function checkSibling(
  { sibling, enum: captions }: Attribute,
  id: Json,
  around: { [key: string]: Json },
  at: string,
): string[] {
  if (sibling === undefined || captions === undefined || typeof id === 'object' || id === 99) return [];
  const caption = around[sibling];
  if (caption === undefined) return [`${at}${sibling} is missing beside its id`];
  return caption === captions[String(id)] ? [] : [`${at}${sibling} ${JSON.stringify(caption)} is not ${String(id)}`];
}

function checkHead(facts: Facts, shape: Class, record: { [key: string]: Json }, version: string): string[] {
  const activity = Number(record['activity_id']);
  const category = Object.values(facts.release.categories).find(({ uid }) => uid === shape.category_uid);
  const expected: { [name: string]: Json | undefined } = {
    category_uid: shape.category_uid,
    category_name: category?.caption ?? 'Uncategorized', // category 0 stands in no list
    class_name: shape.caption,
    type_uid: shape.uid * 100 + activity,
  };
  const found = Object.entries(expected)
    .filter(([name, value]) => record[name] !== value)
    .map(([name, value]) => `${name} is ${JSON.stringify(record[name])}, not ${JSON.stringify(value)}`);
  const { metadata } = record;
  if (!isObject(metadata ?? null) || (metadata as { version?: Json }).version !== version)
    found.push('metadata.version');
  return found;
}

/** Each observable points at a value of the record that is of its type, and none that is due is missing. */
function checkObservables(facts: Facts, shape: Shape, record: { [key: string]: Json }): string[] {
  const told = Array.isArray(record['observables']) ? record['observables'].filter(isObject) : [];
  // What is about the record, what comes from outside it, and what points at the rest.
  const notSearched = ['metadata', 'enrichments', 'observables'];
  const searched = Object.fromEntries(Object.entries(record).filter(([name]) => !notSearched.includes(name)));
  const there = observed(facts, shape, searched, '');
  const key = (name: Json, type: Json, value: Json): string => JSON.stringify([name, type, value]);
  const due = new Set(there.map(({ name, type, value }) => key(name, type, value)));
  const given = new Set(told.map((one) => key(one['name'] ?? null, one['type_id'] ?? null, one['value'] ?? null)));
  return [
    ...[...given].filter((one) => !due.has(one)).map((one) => `observable ${one} points at nothing`),
    ...[...due].filter((one) => !given.has(one)).map((one) => `observable ${one} is missing`),
    ...(told.length === given.size ? [] : ['an observable stands twice']),
    ...told
      .filter((one) => facts.release.observables[textOf(one['type_id'])]?.caption !== one['type'])
      .map((one) => `observable type ${JSON.stringify(one['type'])} is not ${textOf(one['type_id'])}`),
  ];
}

function observed(
  facts: Facts,
  shape: Shape,
  value: { [key: string]: Json },
  at: string,
): { name: string; type: number; value: string }[] {
  return Object.entries(shape.attributes).flatMap(([name, attribute]) => {
    const inner = value[name];
    if (inner === undefined) return [];
    const items = attribute.is_array === true && Array.isArray(inner) ? inner : [inner];
    const { object_type: object } = attribute;
    if (object !== undefined) {
      const within = facts.objects[object];
      return items.flatMap((item) => (within && isObject(item) ? observed(facts, within, item, `${at}${name}.`) : []));
    }
    // Of two definitions the more general wins: the one of the type.
    const type = facts.release.types[attribute.type]?.observable ?? attribute.observable;
    return type === undefined ? [] : items.map((item) => ({ name: `${at}${name}`, type, value: textOf(item) }));
  });
}

function profilesOf({ metadata }: { [key: string]: Json }): string[] {
  const profiles = isObject(metadata ?? null) ? (metadata as { profiles?: Json }).profiles : undefined;
  return Array.isArray(profiles) ? profiles.filter((one) => typeof one === 'string') : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

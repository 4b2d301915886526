import type { JsonObject } from '../records.ts';
import { createChanges, type Changes } from './collection-changes.ts';
import { compileGenerator, type Generate, type Place } from './generators.ts';
import { findByKey } from './find-by-key.ts';
import { withoutHidden } from './list-page.ts';
import { createRandom, hashText, stir } from './random.ts';
import type { CollectionDescription, GeneratorSpec, SandboxDescription } from './sandbox-description.ts';

/**
 * Records that are made when they are asked for: the same index always gives the same record, and none is kept. Only
 * what was changed since the start is remembered.
 */
export type Collection = {
  readonly name: string;
  readonly description: CollectionDescription;
  /** Records at the start. Of children: places for them, which need not all be taken. */
  readonly startSize: number;
  /** Where the indexes end, which count from 0; not every index has a record. */
  size: () => number;
  /** How many records there are. */
  count: () => number;
  has: (index: number) => boolean;
  /** With the fields that are not sent. `asMade`: before anybody changed it. */
  record: (index: number, asMade?: boolean) => JsonObject;
  /** As sent. */
  row: (index: number) => JsonObject;
  /** The record with that key. */
  find: (key: string) => number | undefined;
  /** The places of a parent's children. */
  children: (parent: number) => readonly number[];
  readonly changes: Changes;
};

export type Collections = { readonly [name: string]: Collection };

export type Extent = { readonly scale: number; readonly seed: number; readonly now: Date };

export function makeCollections(description: SandboxDescription, extent: Extent): Collections {
  const collections: { [name: string]: Collection } = {};
  for (const name of Object.keys(description.collections)) {
    collections[name] = makeCollection(name, description, extent, collections);
  }
  return collections;
}

/** A collection may point only at those before it, so pointing ends somewhere. */
function makeCollection(
  name: string,
  { collections, lists }: SandboxDescription,
  { scale, seed, now }: Extent,
  earlier: Collections,
): Collection {
  const description = required(collections[name], name);
  const salt = stir(seed ^ hashText(name));
  const family = readFamily(description, salt, earlier);
  // Never none in a tenant that is not empty: others may point here.
  const startSize = family?.places ?? (scale === 0 ? 0 : Math.max(1, Math.round(scale * description.ratio)));
  const changes = createChanges(description, startSize);
  const refs = Object.entries(description.refs ?? {}).map(([ref, target]) => ({
    ref,
    salt: hashText(ref),
    target: required(earlier[target], target),
  }));
  const todayMs = new Date(now).setUTCHours(0, 0, 0, 0);
  const fields = compileFields(name, description, { salt, lists, todayMs, size: startSize });
  const random = createRandom();

  function has(index: number): boolean {
    if (index < 0 || index >= changes.size() || changes.isDeleted(index)) return false;
    return family === undefined || family.has(index, changes);
  }

  function record(index: number, asMade = false): JsonObject {
    const recordSalt = stir(index ^ salt);
    const made: JsonObject = {};
    const drawn: { [ref: string]: JsonObject } = {};
    for (const { ref, salt: refSalt, target } of refs) {
      drawn[ref] = target.record((stir(recordSalt ^ refSalt) >>> 0) % target.startSize);
    }
    if (family !== undefined) drawn['parent'] = family.parent.record(family.parentOf(index, changes));
    const draw = { index, random, fields: made, refs: drawn };
    const changed = asMade ? {} : changes.of(index);
    for (const field of fields) {
      // Each field has chances of its own, so that a new field does not change the others.
      random.reseed(recordSalt ^ field.salt);
      const value = changed[field.name] ?? field.generateAt(index)(draw);
      if (value !== undefined) made[field.name] = value;
    }
    return { ...made, ...changed };
  }

  function children(parent: number): number[] {
    if (family === undefined) return [];
    return [...family.placesOf(parent), ...changes.appendedUnder(parent)].filter(has);
  }

  let counted: { readonly at: string; readonly count: number } | undefined;
  function count(): number {
    if (family === undefined) return changes.size() - changes.deleted();
    const at = `${changes.revision()}/${family.parent.changes.revision()}`;
    if (counted?.at !== at) counted = { at, count: countTaken(changes.size(), has) };
    return counted.count;
  }

  const place = { salt: stir(salt ^ hashText(description.key)) };
  const whole: Omit<Collection, 'find'> = {
    name,
    description,
    startSize,
    size: changes.size,
    count,
    has,
    record,
    row: (index) => withoutHidden(record(index)),
    children,
    changes,
  };
  return { ...whole, find: (key) => findByKey(whole, place.salt, key) };
}

/** How the children of another collection lie: so many places for each parent, of which the first few are taken. */
type Family = {
  readonly parent: Collection;
  readonly places: number;
  readonly parentOf: (index: number, changes: Changes) => number;
  readonly placesOf: (parent: number) => readonly number[];
  readonly has: (index: number, changes: Changes) => boolean;
};

function readFamily({ each }: CollectionDescription, salt: number, earlier: Collections): Family | undefined {
  if (each === undefined) return undefined;
  const parent = required(earlier[each.collection], each.collection);
  const [least, greatest] = each.count;
  const places = parent.startSize * greatest;
  const taken = (of: number): number => least + ((stir(of ^ stir(salt)) >>> 0) % (greatest - least + 1));
  const parentOf = (index: number, changes: Changes): number =>
    index < places ? Math.floor(index / greatest) : changes.parentOf(index);
  return {
    parent,
    places,
    parentOf,
    placesOf: (of) => {
      if (of >= parent.startSize) return [];
      return Array.from({ length: taken(of) }, (_, at) => of * greatest + at);
    },
    has: (index, changes) => {
      const of = parentOf(index, changes);
      return parent.has(of) && (index >= places || index % greatest < taken(of));
    },
  };
}

function countTaken(size: number, has: (index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < size; index += 1) if (has(index)) count += 1;
  return count;
}

type Field = { readonly name: string; readonly salt: number; readonly generateAt: (index: number) => Generate };

function compileFields(
  collection: string,
  description: CollectionDescription,
  common: Pick<Place, 'salt' | 'lists' | 'todayMs' | 'size'>,
): Field[] {
  const odd = description.odd ?? [];
  const names = new Set([...Object.keys(description.fields), ...odd.flatMap((one) => Object.keys(one.fields))]);
  const before = new Set<string>();
  return [...names].map((name) => {
    const place: Place = {
      ...common,
      path: `collections.${collection}.fields.${name}`,
      salt: stir(common.salt ^ hashText(name)),
      fieldNames: new Set(before),
      refNames: new Set([
        ...Object.keys(description.refs ?? {}),
        ...(description.each === undefined ? [] : ['parent']),
      ]),
    };
    before.add(name);
    return { name, salt: hashText(name), generateAt: compileField(name, description, place) };
  });
}

/** The usual generator, but for the records that are odd in this field. */
function compileField(name: string, description: CollectionDescription, place: Place): (index: number) => Generate {
  const usually = compileOptional(description.fields[name], place);
  const odd = (description.odd ?? [])
    .filter(({ fields }) => fields[name] !== undefined)
    .map(({ every, at, fields }) => ({ every, at, generate: compileOptional(fields[name], place) }));
  if (odd.length === 0) return () => usually;
  return (index) => odd.find(({ every, at }) => index % every === at)?.generate ?? usually;
}

function compileOptional(spec: GeneratorSpec | undefined, place: Place): Generate {
  return spec === undefined ? () => undefined : compileGenerator(spec, place);
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The sandbox description points at "${name}" before it is described.`);
  return value;
}

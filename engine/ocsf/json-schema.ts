import type { AttributeFacts, ClassFacts, Objects, ReleaseFacts, Shape, TypeFacts } from './facts.ts';

/** The profiles a record declares, sorted and without doubles. */
export type ProfileSet = readonly string[];

export type JsonSchema = { readonly [keyword: string]: unknown };

type Facts = { readonly release: Pick<ReleaseFacts, 'version' | 'types'>; readonly objects: Objects };

/** Ids need not lead anywhere; only the last part matters, so that `$ref` also works between files in one folder. */
const idBase = 'https://schemas.sluice.example/ocsf';

const draft = 'https://json-schema.org/draft/2020-12/schema';

/** The widest integers: 32 bits by OCSF's guide; of `long_t`'s 64 bits, JavaScript keeps 53. */
const integerBounds = {
  integer_t: [-(2 ** 31), 2 ** 31 - 1],
  long_t: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

export function profileSet(profiles: Iterable<string>): ProfileSet {
  return [...new Set(profiles)].sort();
}

/** `user_inventory+cloud.schema.json`; the slash in an extension's name becomes `_`. */
export function schemaFileName(name: string, profiles: ProfileSet): string {
  return `${[name, ...profiles].join('+').replaceAll('/', '_')}.schema.json`;
}

/** The schema of one class under one set of profiles; `$ref`s lead to {@link objectsSchema} of the same set. */
export function classSchema(facts: Facts, classFacts: ClassFacts, profiles: ProfileSet): JsonSchema {
  const objects = `${schemaFileName('objects', profiles)}#/$defs/`;
  return {
    $schema: draft,
    $id: schemaId(facts, classFacts.name, profiles),
    title: classFacts.caption,
    ...shapeSchema(facts, classFacts, profiles, objects),
  };
}

/** The objects and types that schemas of the same set refer to: all of them, or only those the given class reaches. */
export function objectsSchema(facts: Facts, profiles: ProfileSet, reachedFrom?: ClassFacts): JsonSchema {
  const names = reachedFrom === undefined ? Object.keys(facts.objects) : reachedObjects(facts, reachedFrom, profiles);
  const objects = [...names].sort().map((name) => {
    return [name, shapeSchema(facts, objectFacts(facts, name), profiles, '#/$defs/')] as const;
  });
  const types = Object.keys(facts.release.types)
    .map((name) => [name, typeSchema(facts.release.types, name)] as const)
    .filter(([, schema]) => Object.keys(schema).length > 1);
  return {
    $schema: draft,
    $id: schemaId(facts, 'objects', profiles),
    $defs: Object.fromEntries([...types, ...objects]),
  };
}

/** Whether an attribute exists for a record that declares these profiles. */
export function isIncluded(attribute: AttributeFacts, profiles: ProfileSet): boolean {
  return attribute.profiles === undefined || attribute.profiles.some((profile) => profiles.includes(profile));
}

/** A type's limits, gathered along its bases; the nearest wins. */
export function typeSchema(types: ReleaseFacts['types'], name: string): JsonSchema {
  const type = types[name];
  if (type === undefined) throw new Error(`OCSF type ${name} is not among the facts.`);
  const base = type.base === undefined ? primitiveSchema(name, type) : typeSchema(types, type.base);
  return {
    ...base,
    ...(type.regex !== undefined && { pattern: type.regex }),
    ...(type.max_len !== undefined && { maxLength: type.max_len }),
    ...(type.range !== undefined && { minimum: type.range[0], maximum: type.range[1] }),
  };
}

function primitiveSchema(name: string, type: TypeFacts): JsonSchema {
  if (type.json === 'any') return {};
  if (name !== 'integer_t' && name !== 'long_t') return { type: type.json };
  const [minimum, maximum] = integerBounds[name];
  return { type: type.json, minimum, maximum };
}

function shapeSchema(facts: Facts, shape: Shape, profiles: ProfileSet, definitions: string): JsonSchema {
  const all = Object.entries(shape.attributes);
  if (all.length === 0) return { type: 'object' };
  const included = all.filter(([, attribute]) => isIncluded(attribute, profiles));
  const required = included.filter(([, attribute]) => attribute.requirement === 'required').map(([name]) => name);
  return {
    type: 'object',
    ...(shape.deprecated !== undefined && { deprecated: true }),
    properties: Object.fromEntries(
      included.map(([name, attribute]) => [name, attributeSchema(facts, attribute, definitions)]),
    ),
    ...(required.length > 0 && { required }),
    ...constraintSchemas(shape, new Set(included.map(([name]) => name))),
    additionalProperties: false,
  };
}

function attributeSchema(facts: Facts, attribute: AttributeFacts, definitions: string): JsonSchema {
  const value = valueSchema(facts, attribute, definitions);
  return {
    ...(attribute.is_array === true ? { type: 'array', items: value } : value),
    ...(attribute.deprecated !== undefined && { deprecated: true }),
  };
}

function valueSchema(facts: Facts, attribute: AttributeFacts, definitions: string): JsonSchema {
  if (attribute.object_type !== undefined) return { $ref: `${definitions}${attribute.object_type}` };
  const type = typeSchema(facts.release.types, attribute.type);
  if (attribute.enum !== undefined) return { type: type.type, enum: enumValues(attribute) };
  return Object.keys(type).length > 1 ? { $ref: `${definitions}${attribute.type}` } : type;
}

/** An attribute's ids as they stand in a record: numbers, or texts for the few enumerations of text. */
export function enumValues(attribute: AttributeFacts): readonly (number | string)[] {
  const ids = Object.keys(attribute.enum ?? {});
  return attribute.type === 'string_t' ? ids : ids.map(Number);
}

/** The names a constraint may count, once attributes of undeclared profiles are gone. Some lead into an object. */
export function constraintNames(names: readonly string[] | undefined, included: { has(name: string): boolean }) {
  return (names ?? []).filter((name) => included.has(name.split('.', 1)[0] ?? name));
}

function constraintSchemas(shape: Shape, included: ReadonlySet<string>): JsonSchema {
  const atLeastOne = constraintNames(shape.constraints?.at_least_one, included);
  const justOne = constraintNames(shape.constraints?.just_one, included);
  return {
    ...(atLeastOne.length > 0 && { anyOf: atLeastOne.map((name) => presence(name.split('.'))) }),
    ...(justOne.length > 0 && { oneOf: justOne.map((name) => presence(name.split('.'))) }),
  };
}

/** `a.b` is present if `a` is there and has `b`. */
function presence([first, ...rest]: readonly string[]): JsonSchema {
  if (first === undefined) return {};
  if (rest.length === 0) return { required: [first] };
  return { required: [first], properties: { [first]: { type: 'object', ...presence(rest) } } };
}

function reachedObjects(facts: Facts, start: Shape, profiles: ProfileSet): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let shape = waiting.pop(); shape !== undefined; shape = waiting.pop()) {
    for (const attribute of Object.values(shape.attributes)) {
      const name = attribute.object_type;
      if (name === undefined || reached.has(name) || !isIncluded(attribute, profiles)) continue;
      reached.add(name);
      waiting.push(objectFacts(facts, name));
    }
  }
  return reached;
}

function objectFacts(facts: Facts, name: string) {
  const object = facts.objects[name];
  if (object === undefined) throw new Error(`OCSF object ${name} is not among the facts.`);
  return object;
}

function schemaId(facts: Facts, name: string, profiles: ProfileSet): string {
  return `${idBase}/${facts.release.version}/${schemaFileName(name, profiles)}`;
}

import type { JsonObject } from '../records.ts';
import { compileGenerator, type Generate, type Place } from './generators.ts';
import { createRandom, hashText, stir } from './random.ts';
import type { CollectionDescription, GeneratorSpec, SandboxDescription } from './sandbox-description.ts';

/** Records that are made when they are asked for: the same index always gives the same record, and none is kept. */
export type Collection = {
  readonly size: number;
  readonly description: CollectionDescription;
  /** With the fields that are not sent. `index` counts from 0. */
  record: (index: number) => JsonObject;
  /** As sent. */
  row: (index: number) => JsonObject;
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
  const refs = Object.entries(description.refs ?? {}).map(([ref, target]) => ({
    ref,
    salt: hashText(ref),
    target: required(earlier[target], target),
  }));
  const fields = compileFields(name, description, { salt, lists, todayMs: new Date(now).setUTCHours(0, 0, 0, 0) });
  const random = createRandom();

  function record(index: number): JsonObject {
    const recordSalt = stir(index ^ salt);
    const made: JsonObject = {};
    const drawn: { [ref: string]: JsonObject } = {};
    for (const { ref, salt: refSalt, target } of refs) {
      drawn[ref] = target.record((stir(recordSalt ^ refSalt) >>> 0) % target.size);
    }
    const draw = { index, random, fields: made, refs: drawn };
    for (const field of fields) {
      // Each field has chances of its own, so that a new field does not change the others.
      random.reseed(recordSalt ^ field.salt);
      const value = field.generateAt(index)(draw);
      if (value !== undefined) made[field.name] = value;
    }
    return made;
  }

  // Never none in a tenant that is not empty: others may point here.
  const size = scale === 0 ? 0 : Math.max(1, Math.round(scale * description.ratio));
  return { size, description, record, row: (index) => withoutHidden(record(index)) };
}

type Field = { readonly name: string; readonly salt: number; readonly generateAt: (index: number) => Generate };

function compileFields(
  collection: string,
  description: CollectionDescription,
  common: Pick<Place, 'salt' | 'lists' | 'todayMs'>,
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
      refNames: new Set(Object.keys(description.refs ?? {})),
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

function withoutHidden(record: JsonObject): JsonObject {
  const row: JsonObject = {};
  for (const name in record) {
    const value = record[name];
    if (value !== undefined && !name.startsWith('_')) row[name] = value;
  }
  return row;
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The sandbox description points at "${name}" before it is described.`);
  return value;
}

import type { Collection } from './collection.ts';
import { indexOfUuid } from './random.ts';
import type { GeneratorObject } from './sandbox-description.ts';
import { uniqueId } from './unique-id.ts';

/** The record with a key, without a list of keys: what is unlike any other can be read back; the rest is looked through. */
export function findByKey(collection: Omit<Collection, 'find'>, salt: number, key: string): number | undefined {
  const { description, changes } = collection;
  const fits = (index: number): boolean => collection.has(index) && collection.record(index)[description.key] === key;
  const readBack = reader(collection, salt);
  if (readBack === undefined) return firstOf(0, collection.size(), fits);
  const index = readBack(key);
  if (index !== undefined && fits(index)) return index;
  return changes.changed().find(fits);
}

function reader(
  { description }: Omit<Collection, 'find'>,
  salt: number,
): ((key: string) => number | undefined) | undefined {
  const spec = description.fields[description.key];
  if (typeof spec === 'string' && /^[^{}]*\{number\}[^{}]*$/.test(spec)) {
    const [before = '', after = ''] = spec.split('{number}');
    return (key) => {
      if (!key.startsWith(before) || !key.endsWith(after)) return undefined;
      const number = Number(key.slice(before.length, key.length - after.length));
      return Number.isSafeInteger(number) ? number - 1 : undefined;
    };
  }
  if (!isGeneratorObject(spec)) return undefined;
  if (spec.uuid !== undefined) return (key) => indexOfUuid(salt, key);
  if (spec.unique === undefined) return undefined;
  return uniqueId(spec.unique, spec.length ?? 20, spec.letters ?? 'hex', salt).read;
}

function firstOf(start: number, end: number, fits: (index: number) => boolean): number | undefined {
  for (let index = start; index < end; index += 1) if (fits(index)) return index;
  return undefined;
}

function isGeneratorObject(spec: unknown): spec is GeneratorObject {
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec);
}

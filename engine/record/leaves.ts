import { childPointer } from '../json-pointer.ts';
import type { JsonObject, JsonValue } from '../records.ts';

/** A value at the end of a document's branches. */
export type Leaf = {
  /** JSON Pointer to the value. */
  readonly pointer: string;
  /** The pointer with `*` for each item of an array and for keys, or parts of keys, that are data: the same for all rows. */
  readonly field: string;
  /** The nearest field name above the value. */
  readonly name: string;
  readonly value: string | number | boolean | null;
};

export type LeafChange = {
  leaf(leaf: Leaf): JsonValue;
  /** The key in the new document. */
  key(key: string): string;
};

/** The document with each leaf and key changed, in the same order; `nameOf` gives `*` for a key that is data. */
export function mapLeaves(document: JsonValue, nameOf: NameOf, change: LeafChange): JsonValue {
  const walk = (value: JsonValue, at: Omit<Leaf, 'value'>): JsonValue => {
    if (Array.isArray(value)) {
      return value.map((item, index) => walk(item, step(at, String(index), '*')));
    }
    if (!isNested(value)) return change.leaf({ ...at, value });
    // From entries: a key such as __proto__ stays a key.
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        return [change.key(key), walk(inner, step(at, key, nameOf(key)))];
      }),
    );
  };
  return walk(document, { pointer: '', field: '', name: '' });
}

/** The field name that a key is: itself, or with `*` in place of what is data. */
export type NameOf = (key: string) => string;

export function leavesOf(document: JsonValue, nameOf: NameOf = (key) => key): Leaf[] {
  const leaves: Leaf[] = [];
  const leaf = (found: Leaf) => {
    leaves.push(found);
    return found.value;
  };
  mapLeaves(document, nameOf, { leaf, key: (key) => key });
  return leaves;
}

/** Every key of every object in the document, once. */
export function keysOf(document: JsonValue): Set<string> {
  const keys = new Set<string>();
  const key = (found: string) => {
    keys.add(found);
    return found;
  };
  mapLeaves(document, (found) => found, { leaf: ({ value }) => value, key });
  return keys;
}

function step({ pointer, field, name }: Omit<Leaf, 'value'>, key: string, shown: string): Omit<Leaf, 'value'> {
  return {
    pointer: childPointer(pointer, key),
    field: shown === '*' ? `${field}/*` : childPointer(field, shown),
    name: shown === '*' ? name : shown,
  };
}

/** What has keys: lists too. */
function isNested(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { durationMs } from './duration-ms.ts';
import { writeInstant } from './instant.ts';
import type { ChangedFields, CollectionDescription, GeneratorObject, GeneratorSpec } from './sandbox-description.ts';

/** What became of a collection since the sandbox was started. All of it is remembered, so it had better be little. */
export type Changes = {
  size: () => number;
  deleted: () => number;
  /** Grows by one with every change. */
  revision: () => number;
  isDeleted: (index: number) => boolean;
  /** Fields in place of what the generators make. */
  of: (index: number) => JsonObject;
  /** Records that are appended or updated, and not deleted. */
  changed: () => readonly number[];
  isChanged: (index: number) => boolean;
  /** Records that were changed, deleted ones included, after that revision; each once, in the order of its last change. */
  since: (revision: number) => readonly number[];
  /** Of an appended child. */
  parentOf: (index: number) => number;
  appendedUnder: (parent: number) => readonly number[];
  append: (fields: ChangedFields, now: Date, parent?: number) => number;
  update: (index: number, fields: ChangedFields, now: Date) => void;
  remove: (index: number) => void;
};

const unchanged: JsonObject = {};

export function createChanges(description: CollectionDescription, startSize: number): Changes {
  const fieldsOf = new Map<number, JsonObject>();
  const gone = new Set<number>();
  const parents = new Map<number, number>();
  const log: number[] = [];
  let size = startSize;

  function set(index: number, fields: ChangedFields, now: Date): void {
    fieldsOf.set(index, { ...fieldsOf.get(index), ...resolve(fields, description, now) });
    log.push(index);
  }

  return {
    size: () => size,
    deleted: () => gone.size,
    revision: () => log.length,
    isDeleted: (index) => gone.has(index),
    of: (index) => fieldsOf.get(index) ?? unchanged,
    changed: () => [...fieldsOf.keys()].filter((index) => !gone.has(index)),
    isChanged: (index) => fieldsOf.has(index),
    // The last mention of each: a Set keeps the first, so it is filled from the end.
    since: (revision) => [...new Set(log.slice(revision).reverse())].reverse(),
    parentOf: (index) => parents.get(index) ?? 0,
    appendedUnder: (parent) => [...parents].filter(([, one]) => one === parent).map(([index]) => index),
    append: (fields, now, parent = 0) => {
      const index = size;
      size += 1;
      if (description.each !== undefined) parents.set(index, parent);
      set(index, { ...newest(description), ...fields }, now);
      return index;
    },
    update: (index, fields, now) => set(index, { ...description.updated, ...fields }, now),
    remove: (index) => {
      gone.add(index);
      log.push(index);
    },
  };
}

/** What is appended is the latest by every field that grows, unless it is said to be late. */
function newest({ fields }: CollectionDescription): ChangedFields {
  return Object.fromEntries(growingFields(fields).map((name) => [name, { ago: '0s' }]));
}

/** The fields that `series` makes. */
export function growingFields(fields: CollectionDescription['fields']): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => (generator(spec).series === undefined ? [] : [name]));
}

function resolve(fields: ChangedFields, description: CollectionDescription, now: Date): JsonObject {
  const resolved = Object.entries(fields).map(([name, value]): [string, JsonValue] => {
    const ago = isJsonObject(value) && Object.keys(value).join('') === 'ago' ? value['ago'] : undefined;
    if (typeof ago !== 'string') return [name, value];
    // As the field itself is written.
    const { as = 'iso', digits = 0 } = generator(description.fields[name]);
    return [name, writeInstant(now.getTime() - durationMs(ago), { as, digits })];
  });
  return Object.fromEntries(resolved);
}

function generator(spec: GeneratorSpec | undefined): GeneratorObject {
  return typeof spec === 'object' && spec !== null && !isList(spec) ? spec : {};
}

/** Array.isArray does not narrow readonly lists. */
function isList(value: object): value is readonly GeneratorSpec[] {
  return Array.isArray(value);
}

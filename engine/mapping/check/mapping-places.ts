import { beginCheck, type MappingCheckOptions } from './check-mapping.ts';
import type { SourceField } from './source-schema.ts';
import type { TargetAttribute, TargetClass, TargetShape } from './target-class.ts';
import type { ObjectOption, Option, Value } from './value.ts';

/** What the parts of a mapping are, by their offsets in its text: for an editor. */
export type MappingPlaces = {
  /** The keys of all objects that become part of the record. */
  readonly keys: ReadonlyMap<number, RecordKey>;
  /** Names of source fields: the parts of the source record, or of a binding, that they are looked up in. */
  readonly names: ReadonlyMap<number, readonly SourceField[]>;
};

export type RecordKey = {
  readonly name: string;
  /** Dotted, from the record: `user.account.name`. */
  readonly path: string;
  /** The class or object that the key stands in. */
  readonly shape: TargetShape;
  /** Dotted path of that object; empty for the record. */
  readonly owner: string;
  /** `undefined` where the shape has no attribute of that name. */
  readonly attribute: TargetAttribute | undefined;
  /** The names of all keys of the object, this one with them. */
  readonly given: readonly string[];
};

/** Walks a mapping as the check does; `undefined` where it does not parse. Without a class, no key has a place. */
export function mappingPlaces(
  text: string,
  target: TargetClass | undefined,
  options: MappingCheckOptions,
): MappingPlaces | undefined {
  const begun = beginCheck(text, '', options);
  if (begun === undefined) return undefined;
  const keys = new Map<number, RecordKey>();
  if (target !== undefined) gather(begun.record, target.shape, '', keys, new Set());
  const names = [...begun.walk.reads.lookedIn].map(([at, parents]) => [at, [...parents.values()]] as const);
  return { keys, names: new Map(names) };
}

function gather(
  value: Value,
  shape: TargetShape,
  owner: string,
  keys: Map<number, RecordKey>,
  seen: Set<ObjectOption>,
): void {
  for (const option of value.options.flatMap(objectsIn)) {
    if (option.source !== undefined || seen.has(option)) continue;
    seen.add(option);
    const given = [...option.fields.keys()];
    for (const [name, field] of option.fields) {
      const attribute = shape.byName.get(name);
      const path = owner === '' ? name : `${owner}.${name}`;
      keys.set(field.keyAt, { name, path, shape, owner, attribute, given });
      if (attribute?.shape !== undefined) gather(field.value, attribute.shape, path, keys, seen);
    }
  }
}

function objectsIn(option: Option): readonly ObjectOption[] {
  if (option.kind === 'array') return option.items.options.flatMap(objectsIn);
  return option.kind === 'object' ? [option] : [];
}

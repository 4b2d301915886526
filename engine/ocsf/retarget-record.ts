import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { typeUid } from './complete-record.ts';
import { withAttribute } from './derive-observables.ts';
import { fits } from './fits-attribute.ts';
import { observedAttribute, valuesAt } from './observable-path.ts';
import { isEmpty, setKey } from './plain-value.ts';

/**
 * Carries a record that is valid in the release its mapping was written for over to another release.
 *
 * What the target has no home for goes to `unmapped` under its dotted path (`user.has_mfa`): attributes, attributes
 * of profiles the class does not take there, values outside the target's patterns and lengths, and optional objects
 * that would lack what the target requires. An id that the target lacks becomes 99 with the native caption; without
 * a 99 it goes to `unmapped` like any value, and its caption stays. Required attributes stay as they are, for the check to judge. An
 * observable is a copy: one that no longer fits is dropped. What went to `unmapped` is noted in `moved`.
 */
export function retargetRecord(
  record: JsonObject,
  native: ClassPlan,
  target: ClassPlan,
  moved: Moved = new Map(),
): JsonObject {
  const prepared = { ...record };
  retargetActivity(prepared, native, target);
  retargetMetadata(prepared, target);
  dropUnknownObservables(prepared, target);
  const kept = retargetShape(prepared, native.shape, target.shape, '', moved);
  dropDanglingObservables(kept, target);
  if (moved.size === 0) return kept;
  const unmapped = isJsonObject(kept.unmapped) ? { ...kept.unmapped } : {};
  for (const [path, value] of moved) setKey(unmapped, freeKey(unmapped, path, value), value);
  return withAttribute(kept, target.shape, 'unmapped', unmapped);
}

/** Dotted path, such as `user.groups[0].name`, to the value that has no home. */
export type Moved = Map<string, JsonValue>;

/** `type_uid` and its name follow the activity, so they change before the rest is looked at. */
function retargetActivity(record: JsonObject, native: ClassPlan, target: ClassPlan): void {
  const attribute = target.shape.byName.get('activity_id');
  const before = native.shape.byName.get('activity_id');
  if (attribute === undefined || before === undefined) return;
  const activity = retargetId(attribute, record.activity_id);
  if (activity === record.activity_id) return;
  const uid = typeUid(record.class_uid, activity);
  if (uid === undefined) return;
  record.type_uid = uid;
  const name = target.shape.byName.get('type_uid')?.captions?.get(uid);
  if (record.type_name !== undefined && name !== undefined) record.type_name = name;
}

function retargetMetadata(record: JsonObject, target: ClassPlan): void {
  if (!isJsonObject(record.metadata)) return;
  record.metadata = { ...record.metadata, version: target.version, profiles: [...target.profiles] };
  if (target.profiles.length === 0) delete record.metadata.profiles;
}

function dropUnknownObservables(record: JsonObject, target: ClassPlan): void {
  keepObservables(record, ({ type_id: id }) => typeof id === 'number' && target.observableCaptions.has(id));
}

function dropDanglingObservables(record: JsonObject, target: ClassPlan): void {
  keepObservables(record, ({ name }) => {
    return (
      typeof name === 'string' &&
      observedAttribute(target.shape, name) !== undefined &&
      valuesAt(record, name).length > 0
    );
  });
}

function keepObservables(record: JsonObject, keeps: (observable: JsonObject) => boolean): void {
  if (!Array.isArray(record.observables)) return;
  const kept = record.observables.filter((one) => isJsonObject(one) && keeps(one));
  if (kept.length > 0) record.observables = kept;
  else delete record.observables;
}

function retargetShape(
  value: JsonObject,
  native: ShapePlan,
  target: ShapePlan,
  path: string,
  moved: Moved,
): JsonObject {
  const output: JsonObject = {};
  for (const attribute of target.attributes) {
    const before = native.byName.get(attribute.name);
    if (before === undefined) continue;
    const kept = retargetAttribute(attribute, before, value, native, path, moved);
    if (kept !== undefined) output[attribute.name] = kept;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (!target.byName.has(key)) moved.set(`${path}${key}`, inner);
  }
  return output;
}

function retargetAttribute(
  attribute: AttributePlan,
  before: AttributePlan,
  owner: JsonObject,
  native: ShapePlan,
  path: string,
  moved: Moved,
): JsonValue | undefined {
  const value = owner[attribute.name];
  const here = `${path}${attribute.name}`;
  if (attribute.id !== undefined)
    return retargetCaption(attribute.id, native.byName.get(attribute.id.name), value, owner);
  if (value === undefined) return undefined;
  if (attribute.isArray !== before.isArray || attribute.json !== before.json) return move(here, value, moved);
  if (!Array.isArray(value) || !attribute.isArray) return retargetValue(attribute, before, value, here, moved);
  const items = value.flatMap((item, index) => {
    return retargetValue(attribute, before, item, `${here}[${index}]`, moved) ?? [];
  });
  return items.length === 0 ? undefined : items;
}

function retargetValue(
  attribute: AttributePlan,
  before: AttributePlan,
  value: JsonValue,
  path: string,
  moved: Moved,
): JsonValue | undefined {
  const inner: Moved = new Map();
  const kept = retargetOne(attribute, before, value, path, inner);
  if (!attribute.required && !fits(attribute, kept)) return move(path, value, moved);
  for (const [innerPath, innerValue] of inner) moved.set(innerPath, innerValue);
  return isJsonObject(kept) && isEmpty(kept) ? undefined : kept;
}

function retargetOne(attribute: AttributePlan, before: AttributePlan, value: JsonValue, path: string, moved: Moved) {
  if (attribute.captions !== undefined) return retargetId(attribute, value);
  if (attribute.shape === undefined || before.shape === undefined || !isJsonObject(value)) return value;
  return retargetShape(value, before.shape, attribute.shape, `${path}.`, moved);
}

/** Leaves nothing where the value was. */
function move(path: string, value: JsonValue, moved: Moved): JsonValue | undefined {
  moved.set(path, value);
  return undefined;
}

function retargetId<Value extends JsonValue | undefined>({ captions }: AttributePlan, id: Value): Value | 99 {
  if (typeof id !== 'number' && typeof id !== 'string') return id;
  return captions?.has(id) === true || captions?.has(99) !== true ? id : 99;
}

/** The caption the id has in the target; that of an id the target lacks becomes the word beside its 99. */
function retargetCaption(
  id: AttributePlan,
  before: AttributePlan | undefined,
  caption: JsonValue | undefined,
  owner: JsonObject,
): JsonValue | undefined {
  const ids = owner[id.name];
  if (before === undefined || !Array.isArray(ids) || !Array.isArray(caption)) {
    return before === undefined ? caption : captionOf(id, before, ids, caption);
  }
  return caption.map((one, index) => captionOf(id, before, ids[index], one) ?? one);
}

function captionOf(
  id: AttributePlan,
  before: AttributePlan,
  value: JsonValue | undefined,
  caption: JsonValue | undefined,
): JsonValue | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return caption;
  const nativeCaption = before.captions?.get(value);
  if (caption !== undefined && caption !== nativeCaption) return caption;
  return id.captions?.get(value) ?? caption ?? nativeCaption;
}

/** The path itself, or if the source has put something else there, the path with a number. */
function freeKey(unmapped: JsonObject, path: string, value: JsonValue): string {
  let key = path;
  for (let number = 2; Object.hasOwn(unmapped, key) && !isDeepStrictEqual(unmapped[key], value); number++) {
    key = `${path}#${number}`;
  }
  return key;
}

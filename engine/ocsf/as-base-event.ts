import type { JsonObject } from '../records.ts';
import type { ClassPlan } from './class-plan.ts';
import { typeUid } from './complete-record.ts';

/** The class that takes any event: what it has no attribute for goes to `unmapped`. */
export const baseEventClass = 'base_event';

/**
 * A record as the Base Event of another release, for one whose own class cannot hold it there: head and ids changed,
 * all else as it was, for `retargetRecord` to carry over. An id that means something else in a Base Event becomes 99
 * with the word that it had.
 */
export function asBaseEvent(record: JsonObject, native: ClassPlan, base: ClassPlan): JsonObject {
  const output = withClass(record, base);
  for (const { name: word, id } of base.shape.attributes) {
    const before = id === undefined ? undefined : native.shape.byName.get(id.name);
    const value = id === undefined ? undefined : record[id.name];
    if (id === undefined || before === undefined || typeof value !== 'number') continue;
    if (head.has(id.name) || id.captions?.get(value) === before.captions?.get(value)) continue;
    output[word] ??= before.captions?.get(value) ?? '';
    output[id.name] = 99;
  }
  const type = typeUid(output.class_uid, output.activity_id);
  const name = type === undefined ? undefined : base.shape.byName.get('type_uid')?.captions?.get(type);
  return {
    ...output,
    ...(type === undefined ? {} : { type_uid: type }),
    ...(name === undefined ? {} : { type_name: name }),
  };
}

const head = new Set(['class_uid', 'category_uid', 'type_uid']);

function withClass(record: JsonObject, { facts, shape }: ClassPlan): JsonObject {
  const category = shape.byName.get('category_uid')?.captions?.get(facts.category_uid);
  const named = category === undefined ? {} : { category_name: category };
  return { ...record, class_uid: facts.uid, class_name: facts.caption, category_uid: facts.category_uid, ...named };
}

import { isDeepStrictEqual } from 'node:util';
import { atPointer, pointerKeys } from '../json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { excerpt } from './wording.ts';

/**
 * By what rule of `complete-record.ts` or `derive-observables.ts` a value came into a record, in a few words; or by
 * which one the mapping's own value was replaced.
 *
 * `pointer` leads to a single value of `record`, the completed record with its observables. `isMapped` tells whether the
 * mapping itself gave a value.
 */
export function completionRule(
  record: JsonObject,
  plan: ClassPlan,
  pointer: string,
  isMapped: (pointer: string) => boolean,
): string {
  const parts = pointerKeys(pointer);
  const [first = '', second = ''] = parts;
  if (first === 'metadata') return metadataRules[second] ?? 'the descriptor';
  if (first === 'observables') return observableRule(record, second);
  const own = parts.length === 1 ? recordRules[first] : undefined;
  return siblingRule(record, plan.shape, pointer, isMapped) ?? own ?? 'completed';
}

const recordRules: { readonly [attribute: string]: string } = {
  class_uid: "the stream's class",
  category_uid: "the class's category",
  activity_id: 'type_uid less class_uid × 100',
  type_uid: 'class_uid × 100 + activity_id',
  time: 'no time given: when the run began',
};

const metadataRules: { readonly [attribute: string]: string } = {
  logged_time: 'page received',
  processed_time: 'row mapped',
  correlation_uid: 'one for the whole run',
  event_code: "the stream's event code",
  log_name: 'what the stream reads',
  log_provider: "the descriptor's product",
  log_version: "the stream's API version",
  tenant_uid: "the connection's tenant",
  labels: 'joined with what the mapping gives',
  product: "the descriptor's product",
  version: "the stream's OCSF release",
  uid: "from the row's primary key",
  profiles: "the stream's profiles",
};

function observableRule(record: JsonObject, index: string): string {
  const { observables } = record;
  const one = Array.isArray(observables) ? observables[Number(index)] : undefined;
  return isJsonObject(one) && typeof one.name === 'string' ? `found in ${one.name}` : 'found in the record';
}

/** An id and its caption complete each other. */
function siblingRule(
  record: JsonObject,
  shape: ShapePlan,
  pointer: string,
  isMapped: (pointer: string) => boolean,
): string | undefined {
  const { owner, attribute } = lookUp(record, shape, pointerKeys(pointer));
  if (attribute?.id !== undefined) return `caption of ${attribute.id.name} ${excerpt(owner[attribute.id.name])}`;
  if (attribute?.caption === undefined) return undefined;
  const caption = owner[attribute.caption];
  if (!isMapped(pointer.replace(/[^/]+$/, attribute.caption))) return undefined;
  return owner[attribute.name] === 99
    ? `OCSF has no ${attribute.caption} ${excerpt(caption)}`
    : `id of ${attribute.caption} ${excerpt(caption)}`;
}

function lookUp(record: JsonObject, shape: ShapePlan, parts: readonly string[]) {
  let owner = record;
  let plan: ShapePlan | undefined = shape;
  let attribute: AttributePlan | undefined;
  let value: JsonValue | undefined = record;
  for (const part of parts) {
    if (Array.isArray(value)) {
      value = value[Number(part)];
    } else if (isJsonObject(value)) {
      owner = value;
      attribute = plan?.byName.get(part);
      plan = attribute?.shape;
      value = owner[part];
    }
  }
  return { owner, attribute };
}

/**
 * What became of a value on its way to another release: `undefined` if nothing. `pointer` leads to a single value of
 * `retargeted`; `from` is where in the completed record it lay.
 */
export function retargetingRule(
  completed: JsonObject,
  moved: ReadonlyMap<string, JsonValue>,
  target: ClassPlan,
  pointer: string,
  value: JsonValue,
): { readonly rule: string; readonly from: string } | undefined {
  const [first, key = '', ...inner] = pointerKeys(pointer);
  if (first === 'unmapped') {
    const path = [key, key.replace(/#\d+$/, '')].find((each) => moved.has(each));
    if (path === undefined || isDeepStrictEqual(atPointer(completed, pointer), value)) return undefined;
    const from = [`/${path.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`, ...inner].join('/');
    return { from, rule: `no place for it in OCSF ${target.version}` };
  }
  const before = atPointer(completed, pointer);
  if (before === undefined || isDeepStrictEqual(before, value)) return undefined;
  if (pointer === '/metadata/version') return { from: pointer, rule: `was ${excerpt(before)}` };
  return { from: pointer, rule: `was ${excerpt(before)}, not in OCSF ${target.version}` };
}

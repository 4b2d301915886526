import type { Issue } from '../diagnostics/issue.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { layoutOf } from './layout.ts';
import { observedAttribute, valuesAt } from './observable-path.ts';
import { excerpt, pathOf } from './wording.ts';

/**
 * What a JSON Schema cannot say of a record: that captions say what their ids say, that `type_uid` follows from class
 * and activity, that observables point at what is there, that times are plausible, and what is deprecated.
 *
 * Values of the wrong type are passed over: the schema reports them.
 */
export function checkMeaning(record: JsonObject, plan: ClassPlan): Issue[] {
  const issues: Issue[] = [];
  checkTypeUid(record, issues);
  if (plan.shape.deprecated !== undefined) {
    issues.push(deprecated('', `Class ${plan.facts.name}`, plan.shape.deprecated));
  }
  checkShape(record, plan.shape, '', issues);
  checkObservables(record, plan, issues);
  return issues;
}

function checkTypeUid(record: JsonObject, issues: Issue[]): void {
  const { class_uid: classUid, activity_id: activityId, type_uid: typeUid } = record;
  if (typeof classUid !== 'number' || typeof activityId !== 'number' || typeof typeUid !== 'number') return;
  const right = classUid * 100 + activityId;
  if (typeUid === right) return;
  issues.push({
    code: 'ocsf/type-uid',
    severity: 'error',
    message: `type_uid is ${typeUid}, but class_uid ${classUid} and activity_id ${activityId} make ${right}.`,
    hint: 'Leave type_uid out of the mapping; it is filled in.',
    pointer: '/type_uid',
  });
}

function checkShape(value: JsonObject, shape: ShapePlan, pointer: string, issues: Issue[]): void {
  for (const attribute of layoutOf(value, shape).telling) {
    const inner = value[attribute.name];
    if (inner !== undefined) checkAttribute(attribute, inner, value, pointer, issues);
  }
}

/** Pointers are put together only for what is walked into, and for what is wrong. */
function checkAttribute(
  attribute: AttributePlan,
  value: JsonValue,
  owner: JsonObject,
  ownerPointer: string,
  issues: Issue[],
): void {
  if (attribute.deprecated !== undefined || attribute.shape?.deprecated !== undefined) {
    issues.push(...deprecations(attribute, pointerOf(ownerPointer, attribute.name)));
  }
  if (attribute.caption !== undefined) checkCaption(attribute, value, owner[attribute.caption], ownerPointer, issues);
  if (!attribute.isArray || !Array.isArray(value)) {
    checkValue(attribute, value, ownerPointer, attribute.name, issues);
    return;
  }
  const pointer = pointerOf(ownerPointer, attribute.name);
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    if (item !== undefined) checkValue(attribute, item, pointer, index, issues);
  }
}

/** OCSF's names need no escape. */
function pointerOf(owner: string, key: string | number): string {
  return `${owner}/${key}`;
}

function checkValue(
  attribute: AttributePlan,
  value: JsonValue,
  ownerPointer: string,
  key: string | number,
  issues: Issue[],
): void {
  if (attribute.shape !== undefined) {
    if (isJsonObject(value)) checkShape(value, attribute.shape, pointerOf(ownerPointer, key), issues);
  } else if (attribute.deprecatedIds !== undefined) {
    const since =
      typeof value === 'number' || typeof value === 'string' ? attribute.deprecatedIds.get(value) : undefined;
    if (since === undefined) return;
    const pointer = pointerOf(ownerPointer, key);
    issues.push(deprecated(pointer, `Value ${excerpt(value)} of ${pathOf(pointer)}`, since));
  } else if (attribute.type === 'timestamp_t') {
    checkTime(value, ownerPointer, key, issues);
  } else if (attribute.type === 'datetime_t') {
    checkDateTime(attribute, value, pointerOf(ownerPointer, key), issues);
  }
}

/** Milliseconds before this would lie before March 1973; seconds before it reach to the year 5138. */
const likelySecondsBelow = 1e11;
const earliestMs = Date.UTC(1900, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

function checkTime(value: JsonValue, ownerPointer: string, key: string | number, issues: Issue[]): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return;
  const seconds = value > 0 && value < likelySecondsBelow;
  if (!seconds && value >= earliestMs && value < latestMs) return;
  const pointer = pointerOf(ownerPointer, key);
  issues.push({
    code: 'ocsf/implausible-time',
    severity: 'error',
    message: seconds
      ? `${pathOf(pointer)} is ${value}, which looks like seconds since 1970; OCSF counts milliseconds.`
      : `${pathOf(pointer)} is ${value}, which lies outside the years 1900 to 2099.`,
    hint: seconds ? 'Multiply by 1000 in the mapping.' : 'Leave the attribute out where the source means "none".',
    pointer,
  });
}

/** The pattern has passed or failed in the schema; this finds the 31st of February. */
function checkDateTime({ limits }: AttributePlan, value: JsonValue, pointer: string, issues: Issue[]): void {
  if (typeof value !== 'string' || limits.pattern?.test(value) === false) return;
  const day = value.slice(0, 10);
  const instant = Date.parse(value.toUpperCase());
  const dayBegins = Date.parse(`${day}T00:00:00Z`);
  const isRealDay = !Number.isNaN(dayBegins) && new Date(dayBegins).toISOString().startsWith(day);
  if (!Number.isNaN(instant) && isRealDay) return;
  issues.push({
    code: 'ocsf/out-of-range',
    severity: 'error',
    message: `${pathOf(pointer)} is ${excerpt(value)}, which is no date and time of the calendar.`,
    pointer,
  });
}

function checkCaption(
  id: AttributePlan,
  value: JsonValue,
  caption: JsonValue | undefined,
  ownerPointer: string,
  issues: Issue[],
): void {
  if (caption === undefined || id.caption === undefined) return;
  if (id.isArray) {
    if (!Array.isArray(value) || !Array.isArray(caption)) return;
    checkCaptions(id, value, caption, pointerOf(ownerPointer, id.caption), issues);
    return;
  }
  if (typeof caption !== 'string' || (typeof value !== 'number' && typeof value !== 'string')) return;
  const right = id.captions?.get(value);
  const isOther = value === 99 && caption === 'Other';
  if (right === undefined || (caption === right && !isOther)) return;
  const at = pointerOf(ownerPointer, id.caption);
  if (isOther) {
    issues.push({
      code: 'ocsf/sibling-mismatch',
      severity: 'warning',
      message: `${pathOf(at)} is "Other"; beside ${id.name} 99 it should hold the source's own word.`,
      hint: 'Give the word of the source, or leave the caption out.',
      pointer: at,
    });
  } else if (value !== 99 || isTypeUid(id)) {
    issues.push(
      mismatch(at, `${pathOf(at)} is ${excerpt(caption)}, but ${id.name} ${value} means "${right}".`, 'warning'),
    );
  }
}

/** Its 99s, as in 500399, are captioned like any other value. */
function isTypeUid(id: AttributePlan): boolean {
  return id.name === 'type_uid';
}

function checkCaptions(
  id: AttributePlan,
  ids: readonly JsonValue[],
  captions: readonly JsonValue[],
  at: string,
  issues: Issue[],
): void {
  if (ids.length !== captions.length) {
    const lengths = `${captions.length} captions for ${ids.length} ids`;
    issues.push(mismatch(at, `${pathOf(at)} has ${lengths} in ${id.name}; they pair by position.`, 'error'));
    return;
  }
  for (const [index, value] of ids.entries()) {
    const right = typeof value === 'number' || typeof value === 'string' ? id.captions?.get(value) : undefined;
    const caption = captions[index];
    if (right === undefined || value === 99 || caption === right) continue;
    const here = `${at}/${index}`;
    const what = `${pathOf(here)} is ${excerpt(caption)}, but ${excerpt(value)} in ${id.name} means "${right}".`;
    issues.push(mismatch(here, what, 'error'));
  }
}

function mismatch(pointer: string, message: string, severity: Issue['severity']): Issue {
  return {
    code: 'ocsf/sibling-mismatch',
    severity,
    message,
    hint: 'Give only the id or only the caption in the mapping; the other is filled in.',
    pointer,
  };
}

function checkObservables(record: JsonObject, plan: ClassPlan, issues: Issue[]): void {
  if (!Array.isArray(record.observables)) return;
  // Many observables may point into one long array, which is walked once.
  const present = new Map<string, ReadonlySet<string>>();
  for (const [index, observable] of record.observables.entries()) {
    if (!isJsonObject(observable) || typeof observable.name !== 'string') continue;
    const values = present.get(observable.name) ?? new Set(valuesAt(record, observable.name).map(asText));
    present.set(observable.name, values);
    const fault = observableFault(observable, observable.name, values, plan);
    if (fault === undefined) continue;
    issues.push({ code: 'ocsf/observable', severity: 'error', pointer: `/observables/${index}`, ...fault });
  }
}

function observableFault(
  observable: JsonObject,
  name: string,
  values: ReadonlySet<string>,
  plan: ClassPlan,
): Pick<Issue, 'message' | 'hint'> | undefined {
  const hint = 'Leave observables out of the mapping; they are filled in from the record.';
  const attribute = observedAttribute(plan.shape, name);
  if (attribute === undefined) return { message: `Observable ${excerpt(name)} names no attribute of the class.`, hint };
  if (values.size === 0) return { message: `Observable "${name}" names an attribute that is not in the record.`, hint };
  const { type_id: typeId, value } = observable;
  const right = attribute.observable ?? attribute.objectObservable;
  if (typeof typeId === 'number' && typeId !== 0 && typeId !== 99 && typeId !== right) {
    const caption = right === undefined ? 'none' : `${right} ${plan.observableCaptions.get(right) ?? ''}`;
    return {
      message: `Observable "${name}" has type_id ${typeId}; the observable type of that attribute is ${caption}.`,
      hint,
    };
  }
  if (value === undefined || values.has(asText(value))) return undefined;
  return { message: `Observable "${name}" has the value ${excerpt(value)}, which is not what stands there.`, hint };
}

function asText(value: JsonValue): string {
  return typeof value === 'object' ? '' : String(value);
}

/** Of an attribute that is deprecated, and of one whose object is. */
function deprecations({ deprecated: attribute, shape }: AttributePlan, pointer: string): Issue[] {
  const issues: Issue[] = [];
  if (attribute !== undefined) issues.push(deprecated(pointer, `Attribute ${pathOf(pointer)}`, attribute));
  if (shape?.deprecated !== undefined) issues.push(deprecated(pointer, `Object ${shape.name}`, shape.deprecated));
  return issues;
}

function deprecated(pointer: string, what: string, since: string): Issue {
  return {
    code: 'ocsf/deprecated',
    severity: 'warning',
    message: `${what} is deprecated since OCSF ${since}.`,
    pointer,
  };
}

import { isJsonObject, type JsonObject, type JsonValue, type Origin } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { layoutOf } from './layout.ts';
import { newObject } from './new-object.ts';
import { enter, isObject, plainValue, setKey } from './plain-value.ts';

/** What the engine knows about one record beside what its mapping says. Times are milliseconds since 1970, UTC. */
export type RecordContext = {
  readonly origin: Origin;
  /** `metadata.uid`. */
  readonly uid: string;
  /** `time` of a record whose mapping gives none. */
  readonly defaultTimeMs: number;
  /** When the record was fetched. */
  readonly loggedTimeMs: number;
  /** When it was mapped. */
  readonly processedTimeMs: number;
  /** The same for all records of a run. */
  readonly correlationUid: string;
  readonly tenantUid?: string | undefined;
  /** The source, not the collector; `feature` is the report or list. */
  readonly product: {
    readonly vendorName: string;
    readonly name: string;
    readonly version?: string | undefined;
    readonly feature?: string | undefined;
  };
  readonly logProvider?: string | undefined;
  readonly logName?: string | undefined;
  readonly logVersion?: string | undefined;
  readonly eventCode: string;
  readonly labels: readonly string[];
};

/**
 * Fills in what follows from the class and the run, and drops null, `''`, `{}` and `[]` at any depth.
 *
 * Filled in: class, category, activity and type; the caption of every id and the id of every caption; `metadata`;
 * `time`. What the mapping gives stands, except `metadata.version`, `uid` and `profiles`; its labels are joined by
 * the engine's. The result is made of plain object literals: {@link ClassPlan}'s order of attributes, then what the
 * class does not know, as it came, for the check to find. Observables are `derive-observables.ts`'s part.
 */
export function completeRecord(candidate: Readonly<Record<string, unknown>>, plan: ClassPlan, context: RecordContext) {
  const { facts, shape } = plan;
  const classUid = given(candidate.class_uid) ? candidate.class_uid : facts.uid;
  const activityId = activityOf(candidate, shape, classUid);
  const head = {
    class_uid: classUid,
    category_uid: given(candidate.category_uid) ? candidate.category_uid : facts.category_uid,
    activity_id: activityId,
    type_uid: given(candidate.type_uid) ? candidate.type_uid : typeUid(classUid, activityId),
    time: given(candidate.time) ? candidate.time : context.defaultTimeMs,
    metadata: completeMetadata(candidate.metadata, plan, context),
  };
  return completeShape(joined(head, candidate), shape, 0) ?? {};
}

/**
 * The first, and what only the second has. A literal that is added to is several times as quick as a spread whose
 * entries are then replaced.
 */
function joined(first: Record<string, unknown>, second: Readonly<Record<string, unknown>>): Record<string, unknown> {
  for (const key of Object.keys(second)) if (!Object.hasOwn(first, key)) setKey(first, key, second[key]);
  return first;
}

/** `undefined` unless both are numbers; then the check finds what is wrong with them. */
export function typeUid(classUid: unknown, activityId: unknown): number | undefined {
  return typeof classUid === 'number' && typeof activityId === 'number' ? classUid * 100 + activityId : undefined;
}

function activityOf(candidate: Readonly<Record<string, unknown>>, shape: ShapePlan, classUid: unknown): unknown {
  const activity = shape.byName.get('activity_id');
  const id = activity && completeId(activity, candidate);
  if (given(id)) return id;
  const { type_uid: type } = candidate;
  return typeof type === 'number' && typeof classUid === 'number' ? type - classUid * 100 : undefined;
}

function completeMetadata(own: unknown, plan: ClassPlan, context: RecordContext): unknown {
  const given = plainValue(own) ?? {};
  if (!isJsonObject(given)) return given;
  const { product } = given;
  return joined(
    {
      logged_time: given.logged_time ?? context.loggedTimeMs,
      processed_time: given.processed_time ?? context.processedTimeMs,
      correlation_uid: given.correlation_uid ?? context.correlationUid,
      event_code: given.event_code ?? context.eventCode,
      log_name: given.log_name ?? context.logName,
      log_provider: given.log_provider ?? context.logProvider,
      log_version: given.log_version ?? context.logVersion,
      tenant_uid: given.tenant_uid ?? context.tenantUid,
      labels: joinLabels(given.labels, context.labels),
      product: product === undefined ? productOf(context) : joinProducts(product, context),
      version: plan.version,
      uid: context.uid,
      profiles: plan.profiles,
    },
    given,
  );
}

/** Joined, not replaced: a label such as "derived" must stand whatever the mapping adds. */
function joinLabels(own: JsonValue | undefined, labels: readonly string[]): unknown {
  if (own !== undefined && !Array.isArray(own)) return own;
  if (own === undefined && labels.length === 0) return undefined;
  return [...new Set<unknown>([...(own ?? []), ...labels])];
}

function joinProducts(own: JsonValue, context: RecordContext): unknown {
  return isJsonObject(own) ? joined({ ...own }, productOf(context)) : own;
}

function productOf({ product }: RecordContext): Record<string, unknown> {
  return {
    vendor_name: product.vendorName,
    name: product.name,
    version: product.version,
    feature: { name: product.feature },
  };
}

function completeShape(
  input: Readonly<Record<string, unknown>>,
  shape: ShapePlan,
  depth: number,
): JsonObject | undefined {
  enter(depth);
  const output = newObject();
  let isEmpty = true;
  const { fillable, unknown } = layoutOf(input, shape);
  for (const attribute of fillable) {
    const value = completeAttribute(attribute, input, depth);
    if (value === undefined) continue;
    output[attribute.name] = value;
    isEmpty = false;
  }
  for (const key of unknown) {
    const value = plainValue(input[key], depth + 1);
    if (value === undefined) continue;
    setKey(output, key, value);
    isEmpty = false;
  }
  return isEmpty ? undefined : output;
}

function completeAttribute(attribute: AttributePlan, input: Readonly<Record<string, unknown>>, depth: number) {
  if (attribute.caption !== undefined) return plainValue(completeId(attribute, input), depth + 1);
  if (attribute.id !== undefined) return plainValue(completeCaption(attribute, attribute.id, input), depth + 1);
  const value = input[attribute.name];
  if (value === undefined || value === null) return undefined;
  if (!attribute.isArray || !Array.isArray(value)) return completeValue(attribute, value, depth + 1);
  enter(depth + 1);
  const items: JsonValue[] = [];
  for (const one of value) {
    const item = completeValue(attribute, one, depth + 2);
    if (item !== undefined) items.push(item);
  }
  return items.length === 0 ? undefined : items;
}

function completeValue({ shape }: AttributePlan, value: unknown, depth: number): JsonValue | undefined {
  return shape !== undefined && isObject(value) ? completeShape(value, shape, depth) : plainValue(value, depth);
}

/** The id given, or else the one its caption stands for. */
function completeId(attribute: AttributePlan, input: Readonly<Record<string, unknown>>): unknown {
  const id = input[attribute.name];
  if (given(id) || attribute.caption === undefined) return id;
  const caption = input[attribute.caption];
  if (!attribute.isArray) return idFor(attribute, caption);
  if (!Array.isArray(caption)) return undefined;
  const ids = caption.map((one) => idFor(attribute, one));
  return ids.includes(undefined) ? undefined : ids;
}

/** The caption given, or else the one its id stands for. The caption of 99 is the source's own word, or none. */
function completeCaption(
  attribute: AttributePlan,
  id: AttributePlan,
  input: Readonly<Record<string, unknown>>,
): unknown {
  const caption = input[attribute.name];
  const idGiven = input[id.name];
  if (!attribute.isArray) {
    if (!given(caption)) return idGiven === 99 ? undefined : captionFor(id, idGiven);
    return given(idGiven) ? caption : canonical(id, caption);
  }
  if (!given(caption) && Array.isArray(idGiven)) {
    // Captions pair with ids by position, so that here even 99 needs a word.
    const captions = idGiven.map((one: unknown) => captionFor(id, one));
    return captions.includes(undefined) ? undefined : captions;
  }
  return Array.isArray(caption) && !given(idGiven) ? caption.map((one: unknown) => canonical(id, one)) : caption;
}

/** A caption that no id has belongs to 99, where there is one. */
function idFor({ ids, captions }: AttributePlan, caption: unknown): number | string | undefined {
  if (typeof caption !== 'string' || caption === '') return undefined;
  return ids?.get(caption) ?? ids?.get(caption.toLowerCase()) ?? (captions?.has(99) === true ? 99 : undefined);
}

function canonical(id: AttributePlan, caption: unknown): unknown {
  const found = idFor(id, caption);
  return found === undefined || found === 99 ? caption : captionFor(id, found);
}

function captionFor({ captions }: AttributePlan, id: unknown): string | undefined {
  return typeof id === 'number' || typeof id === 'string' ? captions?.get(id) : undefined;
}

/** Whether anything is left of a value once what counts as nothing is out. */
function given(value: unknown): boolean {
  return plainValue(value) !== undefined;
}

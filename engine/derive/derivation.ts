import type { Derive } from '../descriptor/descriptor.ts';
import { StreamError } from '../diagnostics/engine-error.ts';
import type { JsonObject, JsonValue } from '../records.ts';

/** What a derivation needs of the run. Expressions are handed in, so that this room knows no expression language. */
export type DerivationContext = {
  readonly stream: string;
  /** The operator's connection, without secrets. */
  readonly connection: { readonly [property: string]: string | number | boolean };
  readonly runStartedAt: Date;
  readonly evaluateRecord: Evaluate | undefined;
  readonly evaluateStep: Evaluate | undefined;
};

export type Evaluate = (input: JsonValue, bindings: { readonly [name: string]: unknown }) => Promise<unknown>;

/** Takes the rows of another stream one by one, and gives records of the vendor's own shape at the end. */
export type Derivation = { add(row: JsonObject): Promise<void>; records(): Promise<unknown[]> };

/** Groups, and values of a tally, kept at most: far above any real figure, far below what memory would feel. */
export const maxGroups = 10_000;

/** `undefined` if what the operator asks for cannot be told from the rows. */
export function createDerivation(derive: Derive, context: DerivationContext): Derivation | undefined {
  const keep = rowFilter(derive, context);
  if (keep === undefined) return undefined;
  return derive.kind === 'count' ? counting(derive, keep, context) : folding(derive, keep, context);
}

type Keep = (row: JsonObject) => boolean;

function rowFilter(derive: Derive, { connection, runStartedAt }: DerivationContext): Keep | undefined {
  const conditions: JsonObject[] = [];
  for (const [property, choices] of Object.entries(derive.where)) {
    const condition = choices[String(connection[property])];
    if (condition === undefined) return undefined;
    conditions.push(condition);
  }
  const { window } = derive;
  const days = window === undefined ? undefined : window.days[String(connection[window.property])];
  if (window !== undefined && days === undefined) return undefined;
  const since = days === undefined ? undefined : runStartedAt.getTime() - days * 86_400_000;
  return (row) => {
    if (!conditions.every((condition) => fits(row, condition))) return false;
    if (window === undefined || since === undefined) return true;
    const time = row[window.field];
    const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    return at >= since && at <= runStartedAt.getTime();
  };
}

function fits(row: JsonObject, condition: JsonObject): boolean {
  return Object.entries(condition).every(([field, value]) => row[field] === value);
}

type Group = {
  rows: number;
  readonly group: JsonObject;
  readonly counters: { [name: string]: number };
  readonly tallies: { [name: string]: Map<string, number> };
};

function counting(derive: Derive & { kind: 'count' }, keep: Keep, context: DerivationContext): Derivation {
  const groups = new Map<string, Group>();
  const open = (key: string, group: JsonObject): Group => {
    const opened: Group = {
      rows: 0,
      group,
      counters: mapValues(derive.counters, () => 0),
      tallies: mapValues(derive.tallies, () => new Map<string, number>()),
    };
    groups.set(key, bounded(groups, opened, context));
    return opened;
  };
  if (derive.groupBy.length === 0) open('[]', {});
  return {
    add(row) {
      if (!keep(row)) return Promise.resolve();
      const values = derive.groupBy.map((field) => row[field] ?? null);
      const key = JSON.stringify(values);
      const group =
        groups.get(key) ??
        open(key, Object.fromEntries(derive.groupBy.map((field, index) => [field, values[index] ?? null])));
      group.rows += 1;
      for (const [name, condition] of Object.entries(derive.counters)) {
        if (fits(row, condition)) group.counters[name] = (group.counters[name] ?? 0) + 1;
      }
      for (const [name, field] of Object.entries(derive.tallies)) {
        const tally = group.tallies[name];
        if (tally !== undefined) tallyValues(tally, row[field], context);
      }
      return Promise.resolve();
    },
    async records() {
      const results: unknown[] = [];
      for (const { rows, group, counters, tallies } of groups.values()) {
        const counted = { rows, group, counters, tallies: mapValues(tallies, (tally) => Object.fromEntries(tally)) };
        const result =
          context.evaluateRecord === undefined ? { ...group, ...counters } : await context.evaluateRecord(counted, {});
        results.push(...asList(result));
      }
      return results;
    },
  };
}

/** A value counts once a row, however often an array repeats it: the figures are of rows, not of mentions. */
function tallyValues(tally: Map<string, number>, value: JsonValue | undefined, context: DerivationContext): void {
  const values = new Set(
    (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string' && item !== ''),
  );
  // The filter lets only text through.
  for (const item of values as Set<string>) {
    const count = tally.get(item);
    tally.set(item, count === undefined ? bounded(tally, 1, context) : count + 1);
  }
}

function folding(derive: Derive & { kind: 'fold' }, keep: Keep, context: DerivationContext): Derivation {
  const { evaluateStep, evaluateRecord } = context;
  if (evaluateStep === undefined || evaluateRecord === undefined)
    return { add: () => Promise.resolve(), records: () => Promise.resolve([]) };
  let state: unknown = derive.initial;
  return {
    async add(row) {
      if (keep(row)) state = await evaluateStep(row, { state });
    },
    async records() {
      // What JSONata made of JSON is JSON.
      return asList(await evaluateRecord(state as JsonValue, { state }));
    },
  };
}

function bounded<Value>(held: ReadonlyMap<string, unknown>, value: Value, { stream }: DerivationContext): Value {
  if (held.size < maxGroups) return value;
  throw new StreamError(
    'derive/too-many-groups',
    `Deriving "${stream}" would hold more than ${maxGroups} groups or values.`,
    {
      hint: 'The field it counts by has too many values; count by another.',
    },
  );
}

function asList(result: unknown): unknown[] {
  if (result === undefined) return [];
  return Array.isArray(result) ? [...(result as unknown[])] : [result];
}

function mapValues<Value, Result>(
  object: { readonly [key: string]: Value },
  change: (value: Value) => Result,
): { [key: string]: Result } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

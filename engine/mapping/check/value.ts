import type { SourceField } from './source-schema.ts';

/**
 * What an expression may give, without running it: one of the options, or nothing where `absent`. An option that is
 * not known is `any`, and the checks stay silent about it.
 */
export type Value = { readonly options: readonly Option[]; readonly absent: boolean };

export type Option =
  | { readonly kind: 'any' }
  | { readonly kind: 'null'; readonly origin: Origin }
  | { readonly kind: 'boolean'; readonly literal?: boolean; readonly origin: Origin }
  | { readonly kind: 'number'; readonly literal?: number; readonly origin: Origin }
  | { readonly kind: 'string'; readonly literal?: string; readonly origin: Origin }
  | ObjectOption
  | ArrayOption
  | { readonly kind: 'function'; readonly call: Call; readonly origin: Origin };

export type ObjectOption = {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** It may have other fields too. */
  readonly open: boolean;
  /** A part of the source record: its fields follow from the declared shape. */
  readonly source?: SourceField;
  readonly origin: Origin;
};

export type ArrayOption = {
  readonly kind: 'array';
  /** What an item may be. */
  readonly items: Value;
  /** Every item in order, where all are known one by one; an absent one is skipped. */
  readonly elements?: readonly Value[];
  /** JSONata's sequence: of one item it gives the item bare, of none it gives nothing. */
  readonly loose: boolean;
  /** A sequence that `[]` keeps an array, until a path finds it again. */
  readonly kept?: boolean;
  /** Fewest items. */
  readonly min: number;
  readonly origin: Origin;
};

export type Field = { readonly value: Value; readonly keyAt: number; readonly valueAt: number };

/** What a function gives for arguments; `at` is where it is called. */
export type Call = (args: readonly Value[], at: number) => Value;

/** Who made a value: the mapping wrote it down, the source sent it, or it was worked out. `at` is an offset in the text. */
export type Origin = {
  readonly by: 'mapping' | 'source' | 'computed';
  readonly at: number;
  /** The place in the source, and whether the source may leave it out. */
  readonly path?: string;
  readonly isOptional?: boolean;
};

export const nothing: Value = { options: [], absent: true };

/** Not known at all. */
export const anything: Value = { options: [{ kind: 'any' }], absent: true };

export function one(option: Option): Value {
  return { options: [option], absent: false };
}

export function computed(kind: 'boolean' | 'number' | 'string', at: number): Value {
  return one({ kind, origin: { by: 'computed', at } });
}

export function literal(value: string | number | boolean | null, origin: Origin): Value {
  if (value === null) return one({ kind: 'null', origin });
  if (typeof value === 'string') return one({ kind: 'string', literal: value, origin });
  if (typeof value === 'number') return one({ kind: 'number', literal: value, origin });
  return one({ kind: 'boolean', literal: value, origin });
}

export function object(fields: ReadonlyMap<string, Field>, open: boolean, origin: Origin): Value {
  return one({ kind: 'object', fields, open, origin });
}

export function withAbsent(value: Value, absent = true): Value {
  return absent && !value.absent ? { options: value.options, absent: true } : value;
}

export function present(value: Value): Value {
  return value.absent ? { options: value.options, absent: false } : value;
}

export function isUnknown({ options }: Value): boolean {
  return options.some(({ kind }) => kind === 'any');
}

/** More options than this are not followed one by one. */
const mostOptions = 2000;

/** One value or another. */
export function join(values: readonly Value[]): Value {
  if (values.length === 1 && values[0] !== undefined) return values[0];
  const options = new Map<string | Option, Option>();
  for (const value of values) for (const option of value.options) options.set(identity(option), option);
  const absent = values.some((value) => value.absent);
  return options.size > mostOptions
    ? withAbsent(present(anything), absent)
    : { options: [...options.values()], absent };
}

/** Objects, arrays and functions are the same only if they are one; plain values if they look the same. */
function identity(option: Option): string | Option {
  switch (option.kind) {
    case 'any':
      return 'any';
    case 'null':
      return `null ${originIdentity(option.origin)}`;
    case 'boolean':
    case 'number':
    case 'string':
      return `${option.kind} ${originIdentity(option.origin)} ${JSON.stringify(option.literal)}`;
    case 'object':
    case 'array':
    case 'function':
      return option;
    default:
      return option satisfies never;
  }
}

function originIdentity({ by, at, path }: Origin): string {
  return `${by} ${at} ${path ?? ''}`;
}

/** The one literal a value is, whatever happens. */
export function soleLiteral({ options, absent }: Value): string | number | boolean | null | undefined {
  const [option] = options;
  return option === undefined || options.length > 1 || absent ? undefined : literalOf(option);
}

export function literalOf(option: Option): string | number | boolean | null | undefined {
  if (option.kind === 'null') return null;
  return option.kind === 'boolean' || option.kind === 'number' || option.kind === 'string' ? option.literal : undefined;
}

/** The array of some elements; `[ … ]` gives a tight one, a sequence is loose. */
export function arrayOf(elements: readonly Value[], loose: boolean, origin: Origin): Value {
  const min = elements.filter((element) => !element.absent).length;
  return loosely(
    { kind: 'array', items: present(join(elements)), elements, loose, min, origin },
    elements.length === 0,
  );
}

/** The sequence of some unknown number of items. One of what is not known may be anything, arrays included. */
export function sequenceOf(items: Value, min: number, origin: Origin): Value {
  const known = { options: items.options.filter(({ kind }) => kind !== 'any'), absent: false };
  const sequence = loosely({ kind: 'array', items: known, loose: true, min, origin }, known.options.length === 0);
  return isUnknown(items) ? join([anything, sequence]) : sequence;
}

/** What becomes of a value that is made an array first, and comes out as one. */
export function asArray(value: Value, origin: Origin): Value {
  if (value.options.length === 0) return nothing;
  const items = present(itemsOf(value));
  const min = leastItems(present(value));
  return withAbsent(one({ kind: 'array', items, loose: false, min, origin }), value.absent);
}

/** A sequence of two or more is an array like any other. */
function loosely(option: ArrayOption, isEmpty: boolean): Value {
  if (!option.loose) return one(option);
  if (isEmpty) return nothing;
  return { options: [{ ...option, loose: option.min < 2 }], absent: option.min === 0 };
}

/** What one finds by going through a value as JSONata goes through an array: items, and bare values as they are. */
export function itemsOf(value: Value): Value {
  if (value.options.every(({ kind }) => kind !== 'array')) return value;
  const parts = value.options.map((option) => {
    if (option.kind !== 'array') return one(option);
    const isNested = option.loose && option.items.options.some(({ kind }) => kind === 'array');
    const items = isNested ? join([option.items, itemsOf(option.items)]) : option.items;
    return withAbsent(items, option.min === 0);
  });
  return withAbsent(join(parts), value.absent);
}

/** How many items one finds at least. */
export function leastItems({ options, absent }: Value): number {
  if (absent || options.length === 0) return 0;
  return Math.min(...options.map(leastOf));
}

function leastOf(option: Option): number {
  if (option.kind !== 'array') return option.kind === 'any' ? 0 : 1;
  // Of a sequence of one array, one finds what is in that array.
  return option.loose ? Math.min(option.min, leastItems(option.items)) : option.min;
}

/** The known elements of a value that is one array, or one bare value. */
export function elementsOf(value: Value): readonly Value[] | undefined {
  const [option] = value.options;
  if (option === undefined) return [];
  if (value.options.length > 1 || option.kind === 'any') return undefined;
  if (option.kind !== 'array') return [value];
  if (value.absent) return undefined;
  const isNested = option.loose && option.items.options.some(({ kind }) => kind === 'array' || kind === 'any');
  if (!isNested) return option.elements;
  const [element] = option.elements ?? [];
  return element !== undefined && option.elements?.length === 1 ? elementsOf(element) : undefined;
}

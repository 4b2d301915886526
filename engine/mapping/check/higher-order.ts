import { siftedName } from './reads.ts';
import { pathTo, rootPath, sourceFieldValue } from './source-field.ts';
import { isListed } from './source-schema.ts';
import { truthOf } from './truth.ts';
import {
  anything,
  type ArrayOption,
  arrayOf,
  asArray,
  computed,
  elementsOf,
  type Field,
  isUnknown,
  itemsOf,
  join,
  leastItems,
  literal,
  nothing,
  type ObjectOption,
  one,
  type Option,
  present,
  sequenceOf,
  type Value,
  withAbsent,
} from './value.ts';
import type { Walk } from './walk.ts';

const names = ['map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort'] as const;

/** A function of JSONata's own that calls another. */
export function isHigherOrder(name: string): name is (typeof names)[number] {
  return names.some((one) => one === name);
}

/** `$sift(f)` and `$each(f)` are called on the context, by their signatures. */
export function takesContext(name: string, argumentCount: number): boolean {
  return argumentCount === 1 && (name === 'sift' || name === 'each');
}

export function callHigherOrder(walk: Walk, name: (typeof names)[number], args: readonly Value[], at: number): Value {
  const [first = nothing, second = nothing, third] = args;
  const invoke = (...inner: Value[]): Value => {
    const results = second.options.map((option) => (option.kind === 'function' ? option.call(inner, at) : anything));
    return results.length === 0 ? anything : join(results.map(asHandedBack));
  };
  switch (name) {
    case 'map':
      return mapped(first, invoke, at);
    case 'filter':
    case 'single':
      return chosen(first, invoke, at, name === 'single');
    case 'reduce':
      invoke(anything, present(itemsOf(first)), anything, anything);
      return third === undefined ? anything : withAbsent(anything);
    case 'sift':
      return sifted(walk, first, invoke);
    case 'each':
      return eachOf(first, invoke, at);
    case 'sort':
      if (second.options.length > 0) invoke(present(itemsOf(first)), present(itemsOf(first)));
      return asArray(first, { by: 'computed', at });
    default:
      return name satisfies never;
  }
}

/**
 * A function's last call hands its sequence back as it is, so that one of one item stays an array, and one of none is
 * an empty one; a sequence made otherwise does not. Which it was is not told apart.
 */
function asHandedBack(value: Value): Value {
  const sequences = value.options.filter((option): option is ArrayOption => option.kind === 'array' && option.loose);
  if (sequences.length === 0) return value;
  const arrays = sequences.map((option) => one({ ...option, loose: false, min: 0 }));
  return withAbsent(join([present(value), ...arrays]), value.absent);
}

type Invoke = (...args: Value[]) => Value;

function mapped(list: Value, invoke: Invoke, at: number): Value {
  const origin = { by: 'computed', at } as const;
  const index = computed('number', at);
  const elements = elementsOf(list);
  const isSure = elements?.every(({ absent, options }) => !absent && options.every(({ kind }) => kind !== 'any'));
  if (elements !== undefined && isSure === true && list.options.length > 0) {
    return withAbsent(
      arrayOf(
        elements.map((element) => invoke(element, index, asArray(list, origin))),
        true,
        origin,
      ),
      list.absent,
    );
  }
  const result = invoke(present(itemsOf(list)), index, asArray(list, origin));
  return withAbsent(sequenceOf(result, result.absent ? 0 : leastItems(list), origin), list.absent);
}

/** What the function says of its items is not followed: literals among those left may be ruled out. */
function chosen(list: Value, invoke: Invoke, at: number, isSingle: boolean): Value {
  const items = present(itemsOf(list));
  const truth =
    list.options.length === 0
      ? undefined
      : truthOf(invoke(items, computed('number', at), asArray(list, { by: 'computed', at })));
  const left = truth === true ? items : present(join(items.options.map((option) => one(unsure(option)))));
  if (isSingle) return withAbsent(left, list.absent);
  if (isUnknown(items)) return anything;
  return sequenceOf(left, truth === true ? leastItems(list) : 0, { by: 'computed', at });
}

function unsure(option: Option): Option {
  return option.kind === 'object' || option.kind === 'array' ? option : { kind: 'any' };
}

function eachOf(value: Value, invoke: Invoke, at: number): Value {
  const [option] = value.options;
  const origin = { by: 'computed', at } as const;
  if (option?.kind === 'object' && value.options.length === 1 && !option.open) {
    const entries = [...option.fields].map(([name, field]) => {
      const key = literal(name, { by: 'mapping', at: field.keyAt });
      const result = invoke(present(field.value), key, one(option));
      return withAbsent(result, result.absent || field.value.absent);
    });
    return withAbsent(arrayOf(entries, true, origin), value.absent);
  }
  return sequenceOf(invoke(present(anything), computed('string', at), anything), 0, origin);
}

/** `$sift`: asked of each field by its name, where the names are known. */
function sifted(walk: Walk, value: Value, invoke: Invoke): Value {
  const options = value.options.map((option) => {
    return option.kind === 'object' ? siftedObject(walk, option, invoke) : option;
  });
  if (value.options.length === 0) invoke(anything, anything, anything);
  return { options, absent: !options.every(isKept) || value.absent };
}

function siftedObject(walk: Walk, option: ObjectOption, invoke: Invoke): Option {
  const { source } = option;
  if (source === undefined || !isListed(source.schema)) {
    if (source !== undefined) walk.reads.useWhole(source.path);
    return siftedFields(option, invoke);
  }
  for (const name of source.schema.fields.keys()) {
    const key = literal(name, { by: 'computed', at: 0, path: source.path === rootPath ? siftedName : source.path });
    const truth = truthOf(invoke(present(sourceFieldValue(source, name) ?? anything), key, one(option)));
    if (truth !== false) walk.reads.useWhole(pathTo(source.path, name));
  }
  return { kind: 'object', fields: new Map(), open: true, origin: { by: 'computed', at: option.origin.at } };
}

/** A `$sift` that leaves nothing gives nothing. */
function isKept(option: Option): boolean {
  return option.kind === 'object' && [...option.fields.values()].some(({ value }) => !value.absent);
}

function siftedFields(option: ObjectOption, invoke: Invoke): Option {
  const fields = new Map<string, Field>();
  for (const [name, field] of option.fields) {
    const key = literal(name, { by: 'computed', at: field.keyAt });
    const truth = truthOf(invoke(present(field.value), key, one(option)));
    if (truth !== false) fields.set(name, truth === true ? field : { ...field, value: withAbsent(anything) });
  }
  if (option.open) invoke(anything, computed('string', option.origin.at), anything);
  return { ...option, fields };
}

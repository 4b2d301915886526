import type { SourceField } from './source-schema.ts';
import { pathTo, sourceFieldValue } from './source-field.ts';
import {
  anything,
  join,
  type ObjectOption,
  type Option,
  nothing,
  one,
  sequenceOf,
  type Value,
  withAbsent,
} from './value.ts';
import type { Walk } from './walk.ts';

/** The field of that name of a value, of each item if it is an array; `at` is where the name stands. */
export function lookUp(walk: Walk, context: Value, name: string, at: number): Value {
  const missed: SourceField[] = [];
  const found = context.options.map((option) => fieldsNamed(walk, option, name, at, missed));
  const isFound = found.some((value) => value !== undefined);
  if (isFound) walk.reads.ask(at, name, []);
  else if (missed.length > 0 && walk.muted === 0) walk.reads.ask(at, name, missed);
  const value = found.length === 0 ? nothing : join(found.map((each) => each ?? nothing));
  return withAbsent(value, context.absent || value.absent);
}

/** `undefined` where there can be no field of that name. */
function fieldsNamed(walk: Walk, option: Option, name: string, at: number, missed: SourceField[]): Value | undefined {
  if (option.kind === 'any') return anything;
  if (option.kind === 'object') return fieldOf(walk, option, name, at, missed);
  if (option.kind !== 'array') return undefined;
  const found = option.items.options.map((item) => fieldsNamed(walk, item, name, at, missed));
  if (found.every((value) => value === undefined)) return found.length === 0 ? nothing : undefined;
  const items = join(found.map((value) => value ?? nothing));
  return sequenceOf(flat(items), items.absent ? 0 : option.min, { by: 'computed', at });
}

/** One field of an object; `undefined` if it has none of that name. */
function fieldOf(walk: Walk, option: ObjectOption, name: string, at: number, missed: SourceField[]): Value | undefined {
  const { fields, source, open } = option;
  const own = fields.get(name);
  if (source === undefined) return own?.value ?? (open ? anything : nothing);
  walk.reads.lookIn(at, source);
  const value = sourceFieldValue(source, name);
  if (value === undefined) missed.push(source);
  else walk.reads.touch(pathTo(source.path, name));
  return own?.value ?? value;
}

/** Items of arrays in place of the arrays, one level deep. */
function flat(value: Value): Value {
  return join(value.options.map((option) => (option.kind === 'array' ? option.items : one(option))));
}

/** `*`: the values of all fields. */
export function everyValue(context: Value, at: number): Value {
  const values = context.options.flatMap((option) => {
    if (option.kind !== 'object' || option.open) return [anything];
    return [...option.fields.values()].map(({ value }) => value);
  });
  return sequenceOf(flat(join(values.length === 0 ? [nothing] : values)), 0, { by: 'computed', at });
}

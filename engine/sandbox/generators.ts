import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import { asText } from './fill.ts';
import { type InstantFormat, readInstant, writeInstant } from './instant.ts';
import { inventedUuid, type Random } from './random.ts';
import type { GeneratorObject, GeneratorSpec } from './sandbox-description.ts';
import { uniqueId } from './unique-id.ts';

/** One record in the making. */
export type Draw = {
  /** From 0. */
  readonly index: number;
  readonly random: Random;
  /** The fields so far, those that are not sent included. */
  readonly fields: JsonObject;
  readonly refs: { readonly [name: string]: JsonObject };
};

export type Generate = (draw: Draw) => JsonValue | undefined;

/** Where a generator stands in the description. */
export type Place = {
  readonly path: string;
  /** Sets the ids of this field apart from those of all others. */
  readonly salt: number;
  readonly lists: { readonly [name: string]: readonly string[] };
  /** Midnight before the sandbox was started, in ms since 1970. */
  readonly todayMs: number;
  readonly fieldNames: ReadonlySet<string>;
  readonly refNames: ReadonlySet<string>;
  /** Records of the collection at the start, over which `series` is spread. */
  readonly size?: number;
};

const dayMs = 86_400_000;

/** Makes a generator once, so that making a record is only function calls. */
export function compileGenerator(spec: GeneratorSpec, place: Place): Generate {
  if (typeof spec === 'string') return template(spec, place);
  if (spec === null || typeof spec !== 'object') return () => spec;
  if (isList(spec)) return listOf(spec, place);
  return withGaps(spec, compileKind(spec, place));
}

function compileKind(spec: GeneratorObject, place: Place): Generate {
  if (spec.pick !== undefined) return pick(spec.pick, place);
  if (spec.some !== undefined) return some(spec.some);
  if (spec.chance !== undefined) return chance(spec.chance, spec, place);
  if (spec.integer !== undefined) return integer(...spec.integer);
  const format: InstantFormat = { as: spec.as ?? 'iso', digits: spec.digits ?? 0 };
  if (spec.time !== undefined) return time(Date.parse(spec.time[0]), Date.parse(spec.time[1]), format);
  if (spec.daysAgo !== undefined) {
    const [latest, earliest] = spec.daysAgo.map((days) => place.todayMs - days * dayMs);
    return time(earliest ?? place.todayMs, latest ?? place.todayMs, format);
  }
  if (spec.series !== undefined) return series(spec.series, format, place);
  if (spec.timeOf !== undefined) return timeOf(field(spec.timeOf, place), format);
  if (spec.many !== undefined) return many(spec.many, compileGenerator(spec.item ?? null, place));
  if (spec.unique !== undefined) {
    const { write } = uniqueId(spec.unique, spec.length ?? 20, spec.letters ?? 'hex', place.salt);
    return (draw) => write(draw.index);
  }
  if (spec.uuid !== undefined) return (draw) => inventedUuid(place.salt, draw.index);
  if (spec.bytes !== undefined) return bytes(spec.bytes);
  if (spec.lower !== undefined) return lower(spec.lower, place);
  if (spec.object !== undefined) return object(spec.object, place);
  if (spec.by !== undefined) return by(field(spec.by, place), spec, place);
  if (spec.any !== undefined) return any(field(spec.any, place), spec.of ?? []);
  if (spec.all !== undefined) return all(spec.all.map((name) => field(name, place)));
  throw wrong(
    place,
    'says no way to make a value',
    'Use one of pick, some, chance, integer, time, daysAgo, series, timeOf, many, unique, uuid, bytes, lower, object, by, any, all.',
  );
}

/** `{field}`, `{ref.field}` or `{number}`, the record's number counted from 1. */
function template(text: string, place: Place): Generate {
  const parts = text.split(/(\{[^{}]*\})/).filter((part) => part !== '');
  const makers = parts.map((part) => (part.startsWith('{') ? field(part.slice(1, -1), place) : () => part));
  const [first] = makers;
  if (first === undefined) return () => '';
  if (makers.length === 1) return first;
  return (draw) => {
    let joined = '';
    for (const make of makers) joined += asText(make(draw) ?? '');
    return joined;
  };
}

function field(name: string, place: Place): Generate {
  if (name === 'number') return (draw) => draw.index + 1;
  const [ref, refField] = name.split('.');
  if (ref !== undefined && refField !== undefined && place.refNames.has(ref))
    return (draw) => draw.refs[ref]?.[refField];
  if (place.fieldNames.has(name)) return (draw) => draw.fields[name];
  throw wrong(place, `uses "${name}", which is no field before it`, `Known here: ${[...place.fieldNames].join(', ')}.`);
}

function listOf(specs: readonly GeneratorSpec[], place: Place): Generate {
  const makers = specs.map((spec) => compileGenerator(spec, place));
  return (draw) => makers.map((make) => make(draw)).filter((item) => item !== undefined);
}

function pick(choice: NonNullable<GeneratorObject['pick']>, place: Place): Generate {
  const [items, weights] = choices(choice, place);
  const makers = items.map((item) => compileGenerator(item, place));
  const ends = cumulate(weights);
  const last = ends.at(-1);
  if (last === undefined) throw wrong(place, 'picks from nothing', 'Give at least one value.');
  return (draw) => {
    const thrown = draw.random.next() * last;
    return makers[ends.findIndex((end) => thrown < end)]?.(draw);
  };
}

function choices(
  choice: NonNullable<GeneratorObject['pick']>,
  place: Place,
): readonly [readonly GeneratorSpec[], readonly number[]] {
  if (typeof choice === 'string') {
    const list = place.lists[choice];
    if (list === undefined)
      throw wrong(place, `picks from "${choice}"`, `Lists: ${Object.keys(place.lists).join(', ')}.`);
    return [list, list.map(() => 1)];
  }
  if (isList(choice)) return [choice, choice.map(() => 1)];
  return [Object.keys(choice), Object.values(choice)];
}

function cumulate(weights: readonly number[]): number[] {
  let end = 0;
  return weights.map((weight) => (end += weight));
}

function some(items: { readonly [item: string]: number }): Generate {
  const entries = Object.entries(items);
  return (draw) => {
    const chosen: string[] = [];
    for (const [item, share] of entries) if (draw.random.next() < share) chosen.push(item);
    return chosen;
  };
}

function chance(share: number, spec: GeneratorObject, place: Place): Generate {
  const then = compileGenerator(spec.then === undefined ? true : spec.then, place);
  const otherwise = compileGenerator(spec.else === undefined ? false : spec.else, place);
  return (draw) => (draw.random.next() < share ? then(draw) : otherwise(draw));
}

function integer(least: number, greatest: number): Generate {
  return (draw) => least + Math.floor(draw.random.next() * (greatest - least + 1));
}

function time(firstMs: number, lastMs: number, format: InstantFormat): Generate {
  const seconds = (lastMs - firstMs) / 1000;
  return (draw) => {
    const at = firstMs + Math.floor(draw.random.next() * seconds) * 1000;
    if (format.as.startsWith('epoch')) return writeInstant(at, format);
    return withFraction(at, format, draw.random);
  };
}

/** Whole seconds with digits of chance below them. */
function withFraction(atMs: number, format: InstantFormat, random: Random): JsonValue {
  if (format.digits === 0) return writeInstant(atMs, format);
  const fraction = Math.floor(random.next() * 10 ** format.digits);
  const text = asText(writeInstant(atMs, { ...format, digits: 0 }));
  return `${text.slice(0, 19)}.${String(fraction).padStart(format.digits, '0')}${text.slice(19)}`;
}

/** Each record has a span of its own, so that a later one never has an earlier instant. */
function series(
  [first, last]: readonly [number, number],
  format: InstantFormat,
  { todayMs, size = 1 }: Place,
): Generate {
  const startMs = todayMs - first * dayMs;
  const spanMs = ((first - last) * dayMs) / Math.max(1, size);
  return (draw) => writeInstant(Math.floor(startMs + (draw.index + draw.random.next()) * spanMs), format);
}

function timeOf(read: Generate, format: InstantFormat): Generate {
  return (draw) => {
    const value = read(draw);
    const ms = readInstant(value);
    if (Number.isNaN(ms)) return value;
    // A text may hold digits that a number of milliseconds does not.
    const fraction = typeof value === 'string' ? (/\.\d{3}(\d*)/.exec(value)?.[1] ?? '') : '';
    return writeInstant(ms, format, fraction.padEnd(6, '0'));
  };
}

function many([least, greatest]: readonly [number, number], make: Generate): Generate {
  return (draw) => {
    const count = least + Math.floor(draw.random.next() * (greatest - least + 1));
    // Each item has a number of its own, so that ids inside are unlike each other as well.
    const items = Array.from({ length: count }, (_, at) => make({ ...draw, index: draw.index * greatest + at }));
    return items.filter((item) => item !== undefined);
  };
}

function bytes(count: number): Generate {
  return (draw) =>
    Buffer.from(Array.from({ length: count }, () => Math.floor(draw.random.next() * 256))).toString('base64');
}

function lower(text: string, place: Place): Generate {
  const make = template(text, place);
  return (draw) => asText(make(draw) ?? '').toLowerCase();
}

function object(specs: { readonly [name: string]: GeneratorSpec }, place: Place): Generate {
  const makers = Object.entries(specs).map(([name, spec]) => [name, compileGenerator(spec, place)] as const);
  return (draw) => {
    const made: JsonObject = {};
    for (const [name, make] of makers) {
      const value = make(draw);
      if (value !== undefined) made[name] = value;
    }
    return made;
  };
}

function by(read: Generate, spec: GeneratorObject, place: Place): Generate {
  const cases = new Map(
    Object.entries(spec.cases ?? {}).map(([value, made]) => [value, compileGenerator(made, place)] as const),
  );
  const otherwise = compileGenerator(spec.else === undefined ? null : spec.else, place);
  return (draw) => (cases.get(asText(read(draw) ?? null)) ?? otherwise)(draw);
}

function any(read: Generate, wanted: readonly string[]): Generate {
  return (draw) => {
    const items = read(draw);
    return Array.isArray(items) && items.some((item) => typeof item === 'string' && wanted.includes(item));
  };
}

function all(reads: readonly Generate[]): Generate {
  return (draw) => reads.every((read) => read(draw) === true);
}

function withGaps(spec: GeneratorObject, make: Generate): Generate {
  const { orNull = 0, orAbsent = 0 } = spec;
  if (orNull + orAbsent === 0) return make;
  return (draw) => {
    const thrown = draw.random.next();
    if (thrown < orNull) return null;
    return thrown < orNull + orAbsent ? undefined : make(draw);
  };
}

/** Array.isArray does not narrow readonly lists. */
function isList<Item>(value: readonly Item[] | object): value is readonly Item[] {
  return Array.isArray(value);
}

function wrong(place: Place, what: string, hint: string): CannotRunError {
  return new CannotRunError('sandbox/wrong-value', `The sandbox's ${place.path} ${what}.`, { hint });
}

import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../engine/records.ts';
import type { Choose } from './generated-record.ts';

export type Printed = { readonly text: string; readonly row: JsonObject; readonly source: JsonObject };

/** A mapping that gives just this record, put together in many ways, with the row it reads and that row's shape. */
export function printedMapping(choose: Choose, record: JsonObject): Printed {
  const printer = new Printer(choose);
  const result = printer.value(record);
  return { text: printer.text(result), row: printer.row, source: printer.source() };
}

/** How many ways deep an expression may be dressed up. */
const deepest = 5;

class Printer {
  readonly row: JsonObject = {};
  readonly #choose: Choose;
  readonly #statements: string[] = [];
  readonly #properties: { [name: string]: JsonObject } = {};
  readonly #optional = new Set<string>();
  #count = 0;
  #depth = 0;
  /** Inside a function or over another context, fields of the row are read from the root. */
  #isInner = false;

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  text(result: string): string {
    return this.#statements.length === 0 ? result : `(\n  ${[...this.#statements, result].join(';\n  ')}\n)`;
  }

  source(): JsonObject {
    const required = Object.keys(this.#properties).filter((name) => !this.#optional.has(name));
    return { type: 'object', properties: this.#properties, required };
  }

  value(value: JsonValue): string {
    this.#depth++;
    const printed = this.#depth > deepest ? this.#plain(value) : this.#dressed(value);
    this.#depth--;
    return printed;
  }

  #dressed(value: JsonValue): string {
    const ways = [
      () => this.#plain(value),
      () => this.#plain(value),
      () => this.#plain(value),
      ...this.#anyWays(value),
    ];
    if (typeof value === 'string') ways.push(...this.#textWays(value));
    if (typeof value === 'number') ways.push(...this.#numberWays(value));
    if (typeof value === 'boolean') ways.push(...this.#booleanWays(value));
    if (Array.isArray(value)) ways.push(...this.#arrayWays(value));
    else if (typeof value === 'object' && value !== null) ways.push(...this.#objectWays(value));
    return this.#pick(ways)();
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#choose(fc.nat, { max: items.length - 1 })];
    if (item === undefined) throw new Error('Nothing to choose from.');
    return item;
  }

  /** Keys in quotes of both kinds; the value itself, its parts in any way. */
  #plain(value: JsonValue): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.value(item)).join(', ')}]`;
    if (typeof value === 'object' && value !== null) return this.#object(Object.entries(value));
    return JSON.stringify(value);
  }

  #object(entries: readonly [string, JsonValue][]): string {
    return `{ ${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${this.value(inner)}`).join(', ')} }`;
  }

  #anyWays(value: JsonValue): (() => string)[] {
    return [
      () => this.#variable(value),
      () => `(${this.value(value)})`,
      () => `(${this.#known(true)} ? ${this.value(value)} : ${this.value(value)})`,
      () => `(${this.#known(true)} ? ${this.value(value)})`,
      () => `(${this.#open()} ? ${this.value(value)} : ${this.value(value)})`,
      () => `$lookup({ "a": ${this.value(value)}, "b": ${this.#twin(value)} }, "a")`,
      () => `{ "a b": ${this.value(value)} }.\`a b\``,
      () => this.#table(value),
      () =>
        `{ "rows": [{ "from": "x", "to": ${this.value(value)} }, { "from": "y", "to": ${this.#twin(value)} }] }.rows[from = "x"][0].to`,
      () => this.#inside(`(function($given) { $given })(`, value, ')'),
      () => this.#inside(`(function() { `, value, ' })()'),
      () => `(${this.#missing()} ?? ${this.value(value)})`,
      () => `(${this.value(value)} ~> (function($given) { $given }))`,
      ...(JSON.stringify(value).length < 400 ? [() => this.#field(value), () => this.#guarded(value)] : []),
    ];
  }

  /** Another value of the same kind that is valid wherever this one is. */
  #twin(value: JsonValue): string {
    return JSON.stringify(value);
  }

  #variable(value: JsonValue): string {
    if (this.#isInner) return this.value(value);
    const name = `$v${++this.#count}`;
    const printed = this.value(value);
    this.#statements.push(`${name} := ${printed}`);
    return name;
  }

  #table(value: JsonValue): string {
    if (this.#isInner) return this.value(value);
    const name = `$t${++this.#count}`;
    const printed = this.value(value);
    this.#statements.push(`${name} := { "one": ${printed}, "two": ${this.#twin(value)} }`);
    const key = () => this.#rowField('one', { type: 'string' });
    return this.#pick([() => `$lookup(${name}, ${key()})`, () => `${name}.one`, () => `(${name} ~> $lookup("two"))`])();
  }

  #inside(before: string, value: JsonValue, after: string): string {
    const outer = this.#isInner;
    this.#isInner = true;
    const printed = `${before}${this.value(value)}${after}`;
    this.#isInner = outer;
    return printed;
  }

  #known(truth: boolean): string {
    return this.#pick(
      truth ? ['true', '1 = 1', '"a" in ["a", "b"]', '$not(false)', '"a" != "b"', '$exists(1)'] : ['false'],
    );
  }

  /** A condition on the row, of which nothing is known beforehand. */
  #open(): string {
    const field = this.#rowField('yes', { type: 'string' });
    return this.#pick([
      `${field} = "yes"`,
      `${field} != null`,
      `$type(${field}) = "string" and $contains(${field}, "y")`,
      `${field} in ["yes", "no"]`,
      `$exists(${field})`,
      field,
      `$not(${field} = "yes")`,
      `${field} = "no" or $length(${field}) > 3`,
    ]);
  }

  #missing(): string {
    return this.#rowField(undefined, { type: 'string' });
  }

  #rowField(value: JsonValue | undefined, schema: JsonObject): string {
    const name = `s${++this.#count}`;
    if (value === undefined) this.#optional.add(name);
    else this.row[name] = value;
    this.#properties[name] = schema;
    return this.#isInner ? `$$.${name}` : this.#pick([name, `$$.${name}`, `$.${name}`, `\`${name}\``]);
  }

  #field(value: JsonValue): string {
    return this.#rowField(value, schemaOf(value));
  }

  #guarded(value: JsonValue): string {
    const schema = schemaOf(value);
    const type = [schema.type ?? [], 'null'].flat();
    const isThere = this.#choose(fc.boolean);
    const field = this.#rowField(isThere ? value : null, { ...schema, type });
    const instead = this.value(value);
    return this.#pick([
      `(${field} != null ? ${field} : ${instead})`,
      ...(isTrue(value) ? [`(${field} ? ${field} : ${instead})`, `(${field} ?: ${instead})`] : []),
      `($type(${field}) = "null" ? ${instead} : ${field})`,
    ]);
  }

  #textWays(value: string): (() => string)[] {
    const cut = Math.floor(value.length / 2);
    const [one, other] = [value.slice(0, cut), value.slice(cut)];
    return [
      () => `(${this.value(one)} & ${this.value(other)})`,
      () => `$join([${this.value(one)}, ${this.value(other)}], "")`,
      () => `$substring(${this.value(`--${value}`)}, 2)`,
      () => `(${this.value(value)} ~> $string)`,
      () => `$split(${JSON.stringify(`${value}|x`)}, "|")[0]`,
      () => `$map([${JSON.stringify(value)}], function($word) { $word & "" })`,
      ...(value === value.trim() ? [() => `$trim(${JSON.stringify(` ${value} `)})`] : []),
      ...(/^[a-z]+$/.test(value) ? [() => `$lowercase(${JSON.stringify(value.toUpperCase())})`] : []),
      ...(/^[\w.:/-]+$/.test(value) ? [() => `'${value}'`] : []),
    ];
  }

  #numberWays(value: number): (() => string)[] {
    return [
      () => `(${this.value(value + 1)} - 1)`,
      () => `$sum([${value}, 0])`,
      () => `$number("${value}")`,
      () => `$max([${value}, -1])`,
      () => `(-(-${value}))`,
      () => `$abs(-${value})`,
      ...(value > 1e12 ? [() => `$toMillis(${this.value(new Date(value).toISOString())})`] : []),
    ];
  }

  #booleanWays(value: boolean): (() => string)[] {
    return value
      ? [() => '(1 < 2)', () => '$not(false)', () => '("a" in ["a"])', () => '$boolean("x")', () => '(true and true)']
      : [() => '(1 > 2)', () => '$not(true)', () => '("b" in ["a"])', () => `$exists(${this.#missing()})`];
  }

  #objectWays(value: JsonObject): (() => string)[] {
    const entries = Object.entries(value);
    const cut = this.#choose(fc.nat, { max: entries.length });
    const [one, other] = [entries.slice(0, cut), entries.slice(cut)];
    return [
      () => `$merge([${this.#object(one)}, ${this.#object(other)}])`,
      () => `$merge([${this.#open()} ? ${this.#object(one)} : ${this.#object(one)}, ${this.#object(other)}])`,
      () => `($append(${this.#object(one)}, ${this.#object(other)}) ~> $merge)`,
      () => this.#inside('$sift(', value, ', function($v, $k) { $k != "" })'),
      () => this.#inside('$merge($each(', value, ', function($v, $k) { { $k: $v } }))'),
      () => this.#inside('$map([1], function($n) { $made := (', value, ') })'),
      () => this.#inside('$reduce([1, 2], function($before, $n) { $made := (', value, ') })'),
      () => `[${this.value(value)}][0]`,
      () => this.#inside('$$.(', value, ')'),
      () => this.#inside('$filter([', value, '], function($o) { $exists($o) })'),
    ];
  }

  #arrayWays(value: readonly JsonValue[]): (() => string)[] {
    const items = () => value.map((item) => this.value(item)).join(', ');
    const cut = Math.ceil(value.length / 2);
    const [one, other] = [value.slice(0, cut), value.slice(cut)];
    const several = [
      // Unforced, and right only because every item is sure to be there.
      () => `$map([${value.map((item) => JSON.stringify(item)).join(', ')}], function($item) { $item })`,
      () =>
        `$append([${one.map((item) => this.value(item)).join(', ')}], [${other.map((item) => this.value(item)).join(', ')}])`,
    ];
    return [
      () => `[$map([${items()}], function($item) { $item })]`,
      () => `[([${items()}][$exists($)])]`,
      () => `[$filter([${items()}], function($item) { $type($item) != "null" })]`,
      () =>
        `$reverse([${[...value]
          .reverse()
          .map((item) => this.value(item))
          .join(', ')}])`,
      () => `[([${items()}][[0..${value.length - 1}]])]`,
      () => `[{ "items": [${items()}] }.items]`,
      () => `$append([], [${items()}])`,
      ...(value.length > 1 ? several : []),
    ];
  }
}

function isTrue(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(isTrue);
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** The shape of one value, as an author would declare it. */
function schemaOf(value: JsonValue): JsonObject {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) {
    const [first] = value;
    const isPlain = value.every((item) => typeof item === typeof first && (typeof item !== 'object' || item === null));
    return first === undefined || !isPlain ? { type: 'array' } : { type: 'array', items: schemaOf(first) };
  }
  if (typeof value === 'object') {
    const properties = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, schemaOf(inner)]));
    return { type: 'object', properties, required: Object.keys(value) };
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}

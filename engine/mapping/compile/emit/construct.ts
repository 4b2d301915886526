import { type ArrayNode, type Group, marksOf, type Node, type ObjectNode, type Pair } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { emitMappedList } from './calls.ts';
import { type Code, code } from './code.ts';
import { lineMark } from '../readable.ts';
import { at, emit, emitFunction, type Place } from './emit.ts';
import { emitListedPath } from './paths.ts';
import { declare, text, use } from './program.ts';
import { temporary } from './scope.ts';
import { depthOf } from '../survey.ts';

/** `[a, b]`. */
export function emitArray(node: ArrayNode, place: Place): Code {
  const { program } = place;
  const [only] = node.expressions;
  const alone = only === undefined || node.expressions.length > 1 ? undefined : emitOnlyItem(only, place);
  if (alone !== undefined) {
    const list = node.consarray === true ? `${use(program, 'constructed')}(${alone})` : alone;
    return code(list, 'array', { defined: true, stable: true });
  }
  let js = '[]';
  let literal: string[] | undefined = [];
  for (const item of node.expressions) {
    const value = emit(item, place);
    if (literal !== undefined && isOneItem(item, value)) {
      literal.push(value.js);
      js = `[${literal.join(', ')}]`;
    } else {
      literal = undefined;
      js = `${use(program, isConstructed(item) ? 'pushItem' : 'joinItem')}(${js}, ${value.js})`;
    }
  }
  if (node.consarray === true) js = `${use(program, 'constructed')}(${js})`;
  return code(js, 'array', { defined: true, stable: true });
}

/** `[a]`: a list of its own. */
function emitOnlyItem(item: Node, place: Place): string | undefined {
  if (isConstructed(item)) return undefined;
  const list = emitMappedList(item, place)?.js ?? emitListedPath(item, place);
  if (list !== undefined) return list;
  const value = emit(item, place);
  return isOneItem(item, value) ? `[${value.js}]` : `${use(place.program, 'listOf')}(${value.js})`;
}

/** Whether an item is in the array as it stands: there for certain, and no list to spread. */
function isOneItem(item: Node, { kind, defined }: Code): boolean {
  return defined && (isConstructed(item) || (kind !== 'any' && kind !== 'array'));
}

/** The interpreter asks for nothing but the bracket. */
function isConstructed(item: Node): boolean {
  return 'value' in item && item.value === '[';
}

/** `{key: value}`. */
export function emitObject(node: ObjectNode, place: Place): Code {
  const keys = constantKeys(node.lhs);
  if (keys === undefined) {
    return grouping(node.lhs, node.position, code(place.it), place);
  }
  refuseThenables(node.lhs, place);
  const { program, it, frame } = place;
  const context = place.isPlainInput ? it : temporary(program, frame, 'it_');
  let self: string | undefined;
  const inner = place.isPlainInput
    ? place
    : { ...place, it: context, self: () => (self ??= temporary(program, frame, 'self_')) };
  const values = node.lhs.map(([, value]) => emit(value, inner));
  const marks = node.lhs.map(([key]) => `/* ${keyName(key)}${lineMark(marksOf(key).position)} */`);
  const built = construction(keys, values, marks, place);
  // Also where nothing reads it: an empty list of the data is left changed.
  const kept = self === undefined ? '' : `${self} = ${use(program, 'contextValue')}(${context}), `;
  const js = place.isPlainInput ? built : `(${context} = ${use(program, 'groupContext')}(${it}), ${kept}${built})`;
  return code(js, 'object', { defined: true });
}

/** What stands in for an object constructor leaves the context as one would. */
export function afterGrouping(js: string, { program, it, isPlainInput }: Place): string {
  return isPlainInput ? js : `(${use(program, 'groupContext')}(${it}), ${js})`;
}

/** The keys if all are written out and none twice, and none is one the interpreter refuses. */
function constantKeys(pairs: readonly Pair[]): string[] | undefined {
  const keys = pairs.map(([key]) =>
    key.type === 'string' && key.predicate === undefined && key.group === undefined ? key.value : undefined,
  );
  const names = keys.filter((key) => typeof key === 'string');
  const refused = names.some((name) => name === '_jsonata_lambda' || name === '_jsonata_function');
  return names.length === pairs.length && new Set(names).size === names.length && !refused ? names : undefined;
}

/** The interpreter waits for anything with a function called "then". */
function refuseThenables(pairs: readonly Pair[], place: Place): void {
  for (const [key, value] of pairs) {
    const isThen = key.type === 'string' && key.value === 'then';
    const isPlainValue =
      value.type === 'string' || value.type === 'number' || value.type === 'value' || value.type === 'path';
    if (isThen && !isPlainValue) throw new NotCompiled('A key is called "then".', place.override?.position);
  }
}

/**
 * Objects are made by constructors of their own: the engine sets room for all fields aside, whichever are left out. The
 * objects are plain ones.
 */
function construction(
  keys: readonly string[],
  values: readonly Code[],
  marks: readonly string[],
  { program }: Place,
): string {
  const isWritten = ({ kind, js }: Code): boolean =>
    ['string', 'number', 'boolean', 'null'].includes(kind) && isLiteral(js);
  const parameters: string[] = [];
  const args: string[] = [];
  const lines = keys.map((key, index) => {
    const value = values[index] as Code; // one for each key
    if (isWritten(value)) return assignment(key, value.js);
    const parameter = `v${parameters.length}`;
    parameters.push(parameter);
    args.push(`${marks[index] ?? ''} ${value.js}`);
    return value.defined ? assignment(key, parameter) : `if (${parameter} !== undefined) ${assignment(key, parameter)}`;
  });
  if (keys.length === 0) return '{}';
  const body = `(${parameters.join(', ')}) {\n${lines.join('\n')}\n}`;
  const name = declare(
    program,
    `object ${body}`,
    'Object_',
    (js) => `function ${js}${body}\n${js}.prototype = Object_prototype;`,
  );
  return args.length === 0 ? `new ${name}()` : `new ${name}(\n${args.join(',\n')}\n)`;
}

/** A key as it may stand in a comment. */
function keyName(key: Node): string {
  return key.type === 'string' ? String(key.value).replaceAll(/[^\w .-]/g, '') : '';
}

function isLiteral(js: string): boolean {
  return /^("(?:[^"\\]|\\.)*"|\(?-?[\d.e+-]+\)?|true|false|null)$/.test(js);
}

function assignment(key: string, value: string): string {
  if (key === '__proto__') {
    return `Object_define(this, "__proto__", { value: ${value}, enumerable: true, configurable: true, writable: true });`;
  }
  return `this[${text(key)}] = ${value};`;
}

/** `result{key: value}`. */
export function emitGroup({ lhs, position }: Group, result: Code, place: Place): Code {
  return grouping(lhs, position, result, place);
}

function grouping(pairs: readonly Pair[], position: number | undefined, input: Code, place: Place): Code {
  refuseThenables(pairs, place);
  const functions = pairs.map(([key, value]) => `[${itemFunction(key, place)}, ${itemFunction(value, place)}]`);
  const js = `${use(place.program, 'group')}(${input.js}, [\n${functions.join(',\n')}\n], ${at(place, position, undefined)}, ${groupWeight(pairs)})`;
  return code(js, 'object', { defined: true });
}

/** How deep the interpreter goes for one group. */
export function groupWeight(pairs: readonly Pair[]): number {
  return Math.max(1, ...pairs.map(([, value]) => depthOf(value)));
}

function itemFunction(node: Node, place: Place): string {
  return emitFunction(place, 'item', (inner) => emit(node, inner)).js;
}

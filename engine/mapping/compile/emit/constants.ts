import type { Node, ObjectNode, RegexNode } from '../ast.ts';
import { isPattern, isScalarList, isTable } from '../constants.ts';
import { NotCompiled } from '../not-compiled.ts';
import type { Kind } from './code.ts';
import { afterGrouping } from './construct.ts';
import type { Place } from './emit.ts';
import { pattern } from './leaves.ts';
import { declare, type Program, text, use } from './program.ts';
import { assignedVariable } from './scope.ts';

/** A constant a variable holds: its name, and what the variable is to have as its value. */
export function emitConstant(
  node: Node,
  name: string,
  place: Place,
): { js: string; value: string; kind: Kind } | undefined {
  const { program } = place;
  const kind = program.constants.get(name);
  if (kind === 'table' && isTable(node)) {
    const js = table(node, name, program);
    return { js, value: afterGrouping(`${js}.object`, place), kind: 'object' };
  }
  if (kind === 'list' && isScalarList(node)) {
    const js = list(node.expressions, name, program);
    return { js, value: `${js}.items`, kind: 'array' };
  }
  if (kind === 'pattern' && isPattern(node)) {
    const js = pattern(node, program);
    return { js, value: matcher(node, js, program), kind: 'function' };
  }
  return undefined;
}

/** The table that is looked things up in, if the node is or names one. */
export function tableOf(node: Node, place: Place): string | undefined {
  if (isTable(node)) return afterGrouping(table(node, 'values', place.program), place);
  return constantOf(node, 'table', place);
}

/** The list that is searched, if the node is or names a constant one. */
export function listOf(node: Node, place: Place): string | undefined {
  if (isScalarList(node)) return list(node.expressions, 'values', place.program);
  return constantOf(node, 'list', place);
}

/** The pattern that is looked for, if the node is or names one. */
export function patternOf(node: Node, place: Place): string | undefined {
  return isPattern(node) ? pattern(node, place.program) : constantOf(node, 'pattern', place);
}

function constantOf(node: Node, kind: string, { program, scope }: Place): string | undefined {
  if (node.type !== 'variable' || program.constants.get(node.value) !== kind) return undefined;
  return assignedVariable(scope, node.value)?.constant;
}

function table({ lhs }: ObjectNode, like: string, program: Program): string {
  const fields = lhs.map(([key, value]) => `[${scalar(key)}]: ${scalar(value)}`);
  const object = `{ ${fields.join(', ')} }`;
  const make = use(program, 'table');
  return declare(program, `table ${object}`, `table_${like}`, (name) => `const ${name} = ${make}(${object});`);
}

function list(items: readonly Node[], like: string, program: Program): string {
  const texts = items.map(scalar);
  const array = `[${texts.join(', ')}]`;
  const make = use(program, 'searchList');
  return declare(program, `list ${array}`, `list_${like}`, (name) => {
    program.lists.set(name, texts);
    return `const ${name} = ${make}(${array});`;
  });
}

function matcher({ position }: RegexNode, js: string, program: Program): string {
  const make = use(program, 'regex');
  return declare(program, `matcher ${js}`, `matcher_${js}`, (name) => `const ${name} = ${make}(${js}, ${position});`);
}

function scalar(node: Node): string {
  if (node.type !== 'string' && node.type !== 'number' && node.type !== 'value') {
    throw new NotCompiled('A constant holds something else than values.');
  }
  return typeof node.value === 'string' ? text(node.value) : JSON.stringify(node.value);
}

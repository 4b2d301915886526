import type { Position } from '../../diagnostics/issue.ts';
import { marksOf, type Node } from '../compile/ast.ts';
import { placeInFile, type TextFile } from '../joined-text.ts';

/**
 * Where an expression begins, as an offset in the text.
 *
 * The parser marks a token with its end, an operator with the operator's end, and a path not at all.
 */
export function startOf(node: Node, text: string): number {
  switch (node.type) {
    case 'path':
      return first(node.steps, text);
    case 'binary':
    case 'apply':
    case 'bind':
      return startOf(node.lhs, text);
    case 'condition':
      return conditionStart(node.condition, node.then, text);
    case 'function':
    case 'partial':
      return startOf(node.procedure, text);
    case 'lambda':
      return node.thunk === true ? startOf(node.body, text) : lambdaStart(text, endOf(node));
    case 'sort':
    case 'error':
      return 0;
    case 'string':
    case 'name':
      return nameStart(text, endOf(node), node.value as string); // a token of these types holds text
    case 'variable':
      return endOf(node) - node.value.length - 1;
    case 'number':
      return numberStart(text, endOf(node), node.value as number); // a token of this type holds a number
    case 'value':
      return endOf(node) - String(node.value).length;
    case 'descendant':
      return endOf(node) - 2;
    case 'regex':
      return regexStart(text, endOf(node));
    case 'unary':
    case 'block':
    case 'wildcard':
    case 'parent':
    case 'transform':
    case 'operator':
      return endOf(node) - 1;
    default:
      return node satisfies never;
  }
}

/** The position of an offset; `length` is that of the word or string that begins there. */
export function positionAt(whole: string, at: number, textFile: TextFile): Position {
  const { text, offset, file } = placeInFile(whole, at, textFile);
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { file, line, column: offset - lineStart + 1, length: lengthAt(text, offset) };
}

const word = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\$?[\w$]+|-?\d[\d.eE+-]*|./y;

function lengthAt(text: string, offset: number): number {
  word.lastIndex = offset;
  return word.exec(text)?.[0].length ?? 1;
}

function endOf(node: Node): number {
  return marksOf(node).position ?? 0;
}

function first(nodes: readonly Node[], text: string): number {
  return nodes[0] === undefined ? 0 : startOf(nodes[0], text);
}

/** `a ?? b` becomes `$exists(a) ? a : b`, with a `$exists` that stands nowhere. */
function conditionStart(condition: Node, then: Node, text: string): number {
  const isMade = condition.type === 'function' && marksOf(condition).position === undefined;
  return startOf(isMade ? then : condition, text);
}

/** A name may stand bare, in backquotes, or as a string. */
function nameStart(text: string, end: number, name: string): number {
  const last = text[end - 1];
  if (last === '`') return text.lastIndexOf('`', end - 2);
  if (last !== '"' && last !== "'") return end - name.length;
  let start = end - 2;
  while (start > 0 && (text[start] !== last || isEscaped(text, start))) start--;
  return start;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

/** The parser folds a minus into its number. */
function numberStart(text: string, end: number, value: number): number {
  const digits = /[\d.]+(?:[eE][+-]?\d+)?$/.exec(text.slice(Math.max(0, end - 40), end))?.[0].length ?? 1;
  if (value >= 0 && !Object.is(value, -0)) return end - digits;
  return text.lastIndexOf('-', end - digits);
}

function lambdaStart(text: string, end: number): number {
  return end - (/(?:function|λ)\s*\($/.exec(text.slice(Math.max(0, end - 40), end))?.[0].length ?? 1);
}

function regexStart(text: string, end: number): number {
  const line = text.slice(text.lastIndexOf('\n', end) + 1, end);
  const found = /\/(?:\\.|[^/\\])+\/\w*$/.exec(line);
  return found === null ? end - 1 : end - found[0].length;
}

import { type FilterStage, marksOf, type NameNode, type Node } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import type { Site } from '../expression-error.ts';
import { type Code, code, isName } from './code.ts';
import { emitApply, emitCall, emitLambda, emitPartCall, emitPartial, emitTailCall } from './calls.ts';
import { emitArray, emitGroup, emitObject } from './construct.ts';
import { emitBind, emitBlock, emitCondition } from './control.ts';
import { emitLiteral, emitRegex, emitVariable } from './leaves.ts';
import { emitBinary, emitNegation } from './operators.ts';
import { emitPath, emitRead } from './paths.ts';
import { type Program, site, text, use } from './program.ts';
import { type Frame, frameHead, lookUp, newFrame, type Scope } from './scope.ts';
import { emitTransform } from './transform.ts';
import { neverFails } from '../survey.ts';

/** Where code is being written. */
export type Place = {
  readonly program: Program;
  /** The JavaScript name of the context value. */
  readonly it: string;
  /** The context is the input, and that is certain to be a plain object: its fields are read once, at the top. */
  readonly isPlainInput: boolean;
  /** The JavaScript name of what `$` stands for, where the function being written keeps it under one. */
  readonly self?: (() => string) | undefined;
  readonly scope: Scope | undefined;
  readonly frame: Frame;
  /** Errors here are reported at this place: the right side of `and` or `or`. */
  readonly override: Site | undefined;
};

/** The value of an expression: its own, filtered, grouped, and collapsed if it is a sequence. */
export function emit(node: Node, place: Place): Code {
  try {
    return emitWhole(node, place);
  } catch (cause) {
    throw cause instanceof NotCompiled ? cause.within(marksOf(node).position) : cause;
  }
}

function emitWhole(node: Node, place: Place): Code {
  const { predicate, group, keepArray } = marksOf(node);
  if ((predicate ?? group) !== undefined && endsInCall(node)) {
    throw new NotCompiled('What a function ends in is filtered before it is called.', marksOf(node).position);
  }
  const part = emitSplitPart(node, place);
  if (part !== undefined) return part;
  let result = emitOwn(node, place);
  const only = predicate?.length === 1 && group === undefined && keepArray !== true ? predicate[0]?.expr : undefined;
  if (only !== undefined && isPlaceNumber(only)) {
    return code(`${use(place.program, 'itemAt')}(${result.js}, ${only.value})`);
  }
  for (const stage of predicate ?? []) result = emitFilter(stage, result, place);
  if (group !== undefined && node.type !== 'path') result = emitGroup(group, result, place);
  return collapse(result, keepArray === true, place);
}

/** Whether a value may be a call that is still to be made: the interpreter filters and groups those as they are. */
function endsInCall(node: Node): boolean {
  if (node.type === 'lambda') return node.thunk === true;
  if (node.type === 'condition') return endsInCall(node.then) || (node.else !== undefined && endsInCall(node.else));
  const last = node.type === 'block' ? node.expressions.at(-1) : undefined;
  return last !== undefined && endsInCall(last);
}

function emitOwn(node: Node, place: Place): Code {
  switch (node.type) {
    case 'path':
      return emitPath(node, place);
    case 'binary':
      return emitBinary(node, place);
    case 'unary':
      if (node.value === '[') return emitArray(node, place);
      return node.value === '{' ? emitObject(node, place) : emitNegation(node, place);
    case 'name':
      return emitName(node, place);
    case 'string':
    case 'number':
    case 'value':
      return emitLiteral(node);
    case 'wildcard':
    case 'descendant':
      return code(`${use(place.program, node.type)}(${place.it})`);
    case 'parent':
      return lookUp(place.program, place.scope, node.slot.label);
    case 'condition':
      return emitCondition(node, place);
    case 'block':
      return emitBlock(node, place);
    case 'bind':
      return emitBind(node, place);
    case 'regex':
      return emitRegex(node, place);
    case 'function':
      return emitCall(node, place, undefined);
    case 'partial':
      return emitPartial(node, place);
    case 'variable':
      return emitVariable(node, place);
    case 'lambda':
      return node.thunk === true ? emitTailCall(node.body, place) : emitLambda(node, place);
    case 'apply':
      return emitApply(node, place);
    case 'transform':
      return emitTransform(node, place);
    case 'sort':
    case 'operator':
    case 'error':
      throw new NotCompiled(`A node of type ${node.type} stands alone.`);
    default:
      return node satisfies never;
  }
}

/** A field as a step. One that is to stay a list must not have collapsed before. */
function emitName({ value: name, keepArray }: NameNode, place: Place): Code {
  if (keepArray === true) return code(`${use(place.program, 'lookup')}(${place.it}, ${text(name)})`);
  return { ...code(emitRead('at', name, place), 'any', { stable: place.isPlainInput }), collapsed: true };
}

export function collapse(result: Code, keepArray: boolean, { program }: Place): Code {
  if (result.collapsed === true && !keepArray) return { ...result, collapsed: false };
  if (result.stable && !(keepArray && result.kind === 'any')) return result;
  if (keepArray) return code(`${use(program, 'collapseKept')}(${result.js})`);
  const exists = existence(result, program);
  return { ...code(`${use(program, 'collapse')}(${result.js})`), ...(exists !== undefined && { exists }) };
}

function existence({ exists, where }: Code, program: Program): (() => string) | undefined {
  if (exists !== undefined || where?.neverFails !== true) return exists;
  return () => `${use(program, 'anyWhere')}(${where.list}, ${where.predicate})`;
}

/** `$split(text, ".")[2]`: the one part. */
function emitSplitPart(node: Node, place: Place): Code | undefined {
  const { predicate, group, keepArray } = marksOf(node);
  if (node.type !== 'function' || predicate?.length !== 1 || group !== undefined || keepArray === true)
    return undefined;
  const [stage] = predicate;
  return stage !== undefined && isPlaceNumber(stage.expr) ? emitPartCall(node, stage.expr.value, place) : undefined;
}

/** `result[predicate]`, not collapsed yet. */
export function emitFilter({ expr }: FilterStage, result: Code, place: Place): Code {
  const { program } = place;
  if (isPlaceNumber(expr)) return code(`${use(program, 'filterAt')}(${result.js}, ${expr.value})`, 'array');
  const predicate = emitFunction(place, 'item', (inner) => emit(expr, inner));
  if (predicate.result.kind === 'boolean') {
    const where = { list: result.js, predicate: predicate.js, neverFails: neverFails(expr) };
    const js = `${use(program, 'filterWhere')}(${where.list}, ${where.predicate})`;
    return code(js, 'array', { where });
  }
  return code(`${use(program, 'filter')}(${result.js}, ${predicate.js}${overriding(place)})`, 'array');
}

/** `[2]`: the interpreter looks at the kind of node only, whatever follows the number. */
export function isPlaceNumber(expr: Node): expr is Node & { type: 'number'; value: number } {
  return expr.type === 'number';
}

/** A JavaScript function of an item; `giving` writes one that gives something else of what was written for it. */
export function emitFunction(
  place: Place,
  like: string,
  write: (inner: Place) => Code,
): { js: string; result: Code; giving: (js: string) => string } {
  const frame = newFrame();
  const it = freshName(place.program, like);
  const result = write({ ...place, it, self: keptContext(it, frame, place.program), frame, isPlainInput: false });
  const giving = (js: string): string => arrow([it], frame, js);
  return { js: giving(result.js), result, giving };
}

/** What `$` stands for is worked out once, if it is asked for. */
function keptContext(it: string, { heads }: Frame, program: Program): () => string {
  let name: string | undefined;
  heads.push(() => (name === undefined ? undefined : `const ${name} = ${use(program, 'contextValue')}(${it});`));
  return () => (name ??= freshName(program, 'self_'));
}

/** A JavaScript function text. */
export function arrow(parameters: readonly string[], frame: Frame, body: string): string {
  const head = `(${parameters.join(', ')}) =>`;
  const statements = frameHead(frame);
  if (statements.length === 0) return `${head} ${body.startsWith('{') ? `(${body})` : body}`;
  return `${head} {\n${statements.join('\n')}\nreturn ${body};\n}`;
}

export function freshName(program: Program, like: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? like : `${like}${count}`;
    if (program.taken.has(name)) continue;
    program.taken.add(name);
    return name;
  }
}

/** The place of an error, as an argument. */
export function at(place: Place, position: number | undefined, token: string | undefined): string {
  return site(place.program, place.override ?? { position, token });
}

/** The place errors without a place of their own get, as a last argument. */
export function overriding(place: Place): string {
  return place.override === undefined ? '' : `, ${site(place.program, place.override)}`;
}

/** A condition in JavaScript. */
export function truth(condition: Code, place: Place): string {
  if (condition.kind === 'boolean' || condition.kind === 'string') return condition.js;
  const truthy = `${use(place.program, 'truthy')}(${condition.js}${overriding(place)})`;
  // Most values asked are texts, and there may be too many places to ask for the call to be inlined.
  return isName(condition) && condition.kind === 'any'
    ? `(typeof ${condition.js} === "string" ? ${condition.js} !== "" : ${truthy})`
    : truthy;
}

import { type ApplyNode, type CallNode, type LambdaNode, marksOf, type Node, type PartialNode } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import type { Signature } from '../runtime/functions.ts';
import { depthOf } from '../survey.ts';
import { type Code, code, type Kind } from './code.ts';
import { patternOf, tableOf } from './constants.ts';
import { direct } from './direct.ts';
import { arrow, at, emit, type Place } from './emit.ts';
import { identifier, libraryFunction, type Program, text as quoted, use, value } from './program.ts';
import {
  assignedVariable,
  collapsedParameter,
  type Frame,
  frameHead,
  lookUp,
  meansLibrary,
  newFrame,
  openScope,
  parameterVariable,
} from './scope.ts';

/** A call; `first` is the left side of `~>`. Not collapsed yet. */
export function emitCall(node: CallNode, place: Place, first: Code | undefined): Code {
  const name = libraryName(node, place);
  if (name === undefined) return emitOtherCall(node, place, first);
  return (
    emitHigherOrder(name, node, place, first, 'value') ??
    emitDirect(name, node, place, first, place.it) ??
    emitLibraryCall(name, node, place, first)
  );
}

/** The library function that is called, if it is one. */
function libraryName({ procedure }: CallNode, { program, scope }: Place): string | undefined {
  if (procedure.type !== 'variable' || procedure.predicate !== undefined || procedure.group !== undefined)
    return undefined;
  if (procedure.value === 'eval' || !meansLibrary(program, scope, procedure.value)) return undefined;
  return procedure.value;
}

function emitOtherCall(node: CallNode, place: Place, first: Code | undefined): Code {
  const known = emitKnownCall(node, place, first);
  if (known !== undefined) return known;
  const procedure = emitProcedure(node, place);
  const args = callArguments(node, place, first);
  const js = `${use(place.program, 'call')}(${procedure}, [${args.join(', ')}], ${place.it}, ${callSite(node, place)})`;
  return code(js);
}

/** A function that was written in place and given a name is called directly. */
function emitKnownCall(node: CallNode, place: Place, first: Code | undefined): Code | undefined {
  const { program, scope } = place;
  const { procedure } = node;
  if (procedure.type !== 'variable' || (procedure.predicate ?? procedure.group) !== undefined) return undefined;
  const variable = assignedVariable(scope, procedure.value);
  if (variable?.weight === undefined) return undefined;
  const { js, weight } = variable;
  const body = `${js}.body(${callArguments(node, place, first).join(', ')})`;
  return code(`${use(program, 'returned')}(${weight}, (${use(program, 'enter')}(${weight}), ${body}), ${place.it})`);
}

/** A path that finds nothing is explained if the dollar was forgotten. */
function emitProcedure(node: CallNode, place: Place): string {
  const { procedure } = node;
  const value = emit(procedure, place);
  const name = procedureName(procedure);
  if (procedure.type !== 'path' || name === undefined) return value.js;
  const meant = name === 'eval' ? 'true' : lookUp(place.program, place.scope, name).js;
  return `${use(place.program, 'named')}(${value.js}, ${meant}, ${callSite(node, place)})`;
}

function callSite(node: CallNode, place: Place): string {
  return at(place, node.position, procedureName(node.procedure));
}

/** The word the interpreter calls a procedure by in errors. */
function procedureName(procedure: Node): string | undefined {
  const named = procedure.type === 'path' ? procedure.steps[0] : procedure;
  const word: unknown = named !== undefined && 'value' in named ? named.value : undefined;
  if (typeof word === 'string') return word;
  if (word === undefined || typeof word === 'object') return undefined;
  throw new NotCompiled('A literal is called as a function.');
}

function callArguments(node: CallNode, place: Place, first: Code | undefined): string[] {
  const given = first === undefined ? [] : [first.js];
  return [...given, ...node.arguments.map((argument) => asArgument(emit(argument, place), place))];
}

/** Functions are handed over as new functions, which have no context of their own. */
function asArgument({ js, kind }: Code, { program }: Place): string {
  return kind === 'any' || kind === 'function' ? `${use(program, 'argument')}(${js})` : js;
}

function emitLibraryCall(name: string, node: CallNode, place: Place, first: Code | undefined): Code {
  const { program } = place;
  const args = callArguments(node, place, first);
  const builtin = libraryFunction(program, name);
  const js = `${use(program, 'callBuiltin')}(${builtin}, [${args.join(', ')}], ${place.it}, ${callSite(node, place)})`;
  return code(js);
}

/** Library functions that are written out for the usual arguments. */
function emitDirect(
  name: string,
  node: CallNode,
  place: Place,
  first: Code | undefined,
  context: string,
): Code | undefined {
  const form = Object.hasOwn(direct, name) ? direct[name] : undefined;
  if (form === undefined) return undefined;
  const count = node.arguments.length + (first === undefined ? 0 : 1);
  if (!form.counts.includes(count)) return undefined;
  const { program } = place;
  const special =
    emitPatternCall(name, node, place, first, context) ?? emitTableCall(name, node, place, first, context);
  if (special !== undefined) return special;
  program.library.add(name);
  const values = [...(first === undefined ? [] : [first]), ...node.arguments.map((argument) => emit(argument, place))];
  const [value] = values;
  if (value !== undefined && name === 'exists') {
    return code(value.exists?.() ?? `(${value.js} !== undefined)`, 'boolean', { defined: true });
  }
  if (value?.defined === true && value.kind === 'boolean' && name === 'not') {
    return code(`!${value.js}`, 'boolean', { defined: true });
  }
  const args = values.map((given) => (form.keepsFunctions === true ? asArgument(given, place) : given.js));
  const missing = Array.from({ length: Math.max(...form.counts) - count }, () => 'undefined');
  const js = `${use(program, form.runtime)}(${[...args, ...missing, context, callSite(node, place)].join(', ')})`;
  return code(js, form.kind, form.defined === true ? { defined: true } : {});
}

/** `$contains(text, /pattern/)` needs no match structure. */
function emitPatternCall(
  name: string,
  node: CallNode,
  place: Place,
  first: Code | undefined,
  context: string,
): Code | undefined {
  const last = node.arguments.at(-1);
  if (name !== 'contains' || last === undefined) return undefined;
  const sought = patternOf(last, place);
  if (sought === undefined) return undefined;
  const subject = first ?? emit(node.arguments[0] as Node, place); // a call of two arguments has a first one
  place.program.library.add(name);
  const args = [subject.js, sought, context, callSite(node, place)];
  return code(`${use(place.program, 'containsPattern')}(${args.join(', ')})`, 'boolean');
}

/** `$split(text, ".")[2]`: the one part, without the others. */
export function emitPartCall(node: CallNode, position: number, place: Place): Code | undefined {
  const [text, separator] = node.arguments;
  if (libraryName(node, place) !== 'split' || node.arguments.length !== 2 || text === undefined) return undefined;
  if (separator?.type !== 'string' || !isPlain(separator)) return undefined;
  const part = Math.floor(position);
  const mark = String(separator.value);
  // Marks of several units may overlap: which ones part the text is told from its start only.
  if (mark === '' || (part < 0 && mark.length > 1)) return undefined;
  const { program } = place;
  program.library.add('split');
  const args = [emit(text, place).js, quoted(mark), String(part), place.it, callSite(node, place)];
  return code(`${use(program, 'splitPart')}(${args.join(', ')})`, 'string');
}

function isPlain(node: Node): boolean {
  const { predicate, group, keepArray } = marksOf(node);
  return (predicate ?? group) === undefined && keepArray !== true;
}

/** `$type(a)`, and `a`. */
export function emitTypeCall(node: Node, place: Place): { js: string; value: Code } | undefined {
  if (node.type !== 'function' || node.arguments.length !== 1 || !isPlain(node)) return undefined;
  const [argument] = node.arguments;
  if (argument === undefined || libraryName(node, place) !== 'type') return undefined;
  const { program } = place;
  program.library.add('type');
  const value = emit(argument, place);
  return { js: `${use(program, 'typeOf')}(${value.js}, ${place.it}, ${callSite(node, place)})`, value };
}

/** `$lookup` in an object of written-out values. */
function emitTableCall(
  name: string,
  node: CallNode,
  place: Place,
  first: Code | undefined,
  context: string,
): Code | undefined {
  const [object, key] = node.arguments;
  if (name !== 'lookup' || first !== undefined || object === undefined || key === undefined) return undefined;
  const table = tableOf(object, place);
  if (table === undefined) return undefined;
  place.program.library.add(name);
  const args = [table, emit(key, place).js, context, callSite(node, place)];
  return code(`${use(place.program, 'lookupInTable')}(${args.join(', ')})`, 'any', { stable: true });
}

/** Library functions over a function that is written in place: no function value is made of it. */
const loops: { readonly [name: string]: { runtime: string; kind: Kind; given: readonly (Kind | undefined)[] } } = {
  map: { runtime: 'mapItems', kind: 'any', given: [undefined, 'number'] },
  filter: { runtime: 'filterItems', kind: 'any', given: [undefined, 'number'] },
  each: { runtime: 'eachField', kind: 'any', given: [undefined, 'string'] },
  sift: { runtime: 'siftFields', kind: 'object', given: [undefined, 'string'] },
  reduce: { runtime: 'reduceItems', kind: 'any', given: [undefined, undefined, 'number'] },
};

function emitHigherOrder(
  name: string,
  node: CallNode,
  place: Place,
  first: Code | undefined,
  wanted: 'value' | 'raw' | 'list',
): Code | undefined {
  const loop = Object.hasOwn(loops, name) ? loops[name] : undefined;
  const given = first === undefined ? 0 : 1;
  const lambda = node.arguments[1 - given];
  if (loop === undefined || lambda === undefined || !isPlainLambda(lambda)) return undefined;
  const count = node.arguments.length + given;
  if (count !== 2 && !(name === 'reduce' && count === 3)) return undefined;
  if (name === 'reduce' && lambda.arguments.length < 2) return undefined;
  const { program } = place;
  program.library.add(name);
  const [listNode] = node.arguments;
  const list = first ?? emit(listNode as Node, place); // a call of two arguments has a first one
  if (name === 'sift' && first === undefined && isInput(list, place)) {
    const sifted = emitSiftedInput(lambda, place);
    if (sifted !== undefined) return sifted;
  }
  const body = emitBody(lambda, place, loop.given);
  const hasTail = body.includes('TailCall');
  // What the body calls in its tail position is called by the loop.
  const settled = hasTail ? `, ${wanted === 'raw' ? place.it : 'null'}` : '';
  const init = name === 'reduce' ? `, ${emitInit(node.arguments[2 - given], place)}` : '';
  const runtime = `${wanted === 'list' ? 'mapToList' : loop.runtime}${hasTail ? 'Settled' : ''}`;
  const js = `${use(program, runtime)}(${list.js}, ${body}${init}, ${callSite(node, place)}${settled})`;
  return code(js, loop.kind);
}

/** `[$map(list, function)]`: the list itself. */
export function emitMappedList(node: Node, place: Place): Code | undefined {
  if (node.type !== 'function' || node.predicate !== undefined || node.group !== undefined) return undefined;
  if (node.keepArray === true || libraryName(node, place) !== 'map') return undefined;
  return emitHigherOrder('map', node, place, undefined, 'list');
}

function emitInit(node: Node | undefined, place: Place): string {
  return node === undefined ? 'undefined' : asArgument(emit(node, place), place);
}

export function isPlainLambda(node: Node): node is LambdaNode {
  return (
    node.type === 'lambda' &&
    node.signature === undefined &&
    node.predicate === undefined &&
    node.group === undefined &&
    node.thunk !== true
  );
}

function isInput(value: Code, { it, isPlainInput }: Place): boolean {
  return isPlainInput && value.js === it;
}

/** `$sift($, function)` over the input, which is certain to be a plain object: the loop stands in the program. */
function emitSiftedInput(lambda: LambdaNode, place: Place): Code | undefined {
  const { program, it } = place;
  const { parameters, frame, body } = writeBody(lambda, place, [undefined, 'string'], 'each read');
  if (body.js.includes('TailCall')) return undefined;
  const value = identifier(program, 'value_');
  const [own, key = identifier(program, 'key_'), whole] = parameters;
  const lines = [
    '(() => {',
    'let kept;',
    `${use(program, 'enter')}(1);`,
    `for (const ${key} in ${it}) {`,
    `if (!Object_hasOwn.call(${it}, ${key})) continue;`,
    `const ${value} = ${it}[${key}];`,
    ...(own === undefined ? [] : [`let ${own} = ${value};`]),
    ...(whole === undefined ? [] : [`let ${whole} = ${it};`]),
    ...frameHead(frame),
    `if (!${isTrue(body, program)}) continue;`,
    `kept ??= new ${use(program, 'Fields')}();`,
    `if (${key} === "__proto__") ${use(program, 'setField')}(kept, ${key}, ${value});`,
    `else kept[${key}] = ${value};`,
    '}',
    `${use(program, 'leave')}(1);`,
    'return kept;',
    '})()',
  ];
  return code(lines.join('\n'), 'object');
}

function isTrue({ js, kind, defined }: Code, program: Program): string {
  return kind === 'boolean' && defined ? js : `${use(program, 'truthy')}(${js})`;
}

/** The function of a lambda in JavaScript. */
function emitBody(node: LambdaNode, place: Place, given: readonly (Kind | undefined)[]): string {
  const { parameters, frame, body } = writeBody(node, place, given);
  return arrow(parameters, frame, body.js);
}

function writeBody(
  node: LambdaNode,
  place: Place,
  given: readonly (Kind | undefined)[],
  collapsing: 'at the start' | 'each read' = 'at the start',
): { parameters: string[]; frame: Frame; body: Code } {
  const { program } = place;
  const frame = newFrame();
  const names = node.arguments.map((parameter) => parameter.value);
  // What the body assigns itself lies beside the parameters.
  const inner = openScope(program, frame, place.scope, [node.body], names);
  const parameters = names.map((name, index) => {
    const js = identifier(program, `$${name}`);
    const kind = inner.rebound.has(name) ? undefined : given[index];
    const mayBeRaw = inner.rebound.has(name) || program.filtered.has(name) || kind !== undefined;
    const variable =
      mayBeRaw || collapsing === 'each read' ? parameterVariable(js, kind) : collapsedParameter(js, frame, program);
    inner.variables.set(name, variable);
    return js;
  });
  const body = emit(node.body, { ...place, scope: inner, frame, override: undefined });
  return { parameters, frame, body };
}

export function emitLambda(node: LambdaNode, place: Place): Code {
  const { program } = place;
  const signature = node.signature === undefined ? 'undefined' : emitSignature(node, place);
  const body = emitBody(node, place, []);
  const weight = weightOf(node);
  const js = `new ${use(program, 'Lambda')}(${body}, ${node.arguments.length}, ${place.it}, ${signature}, ${weight})`;
  return code(js, 'function', { defined: true });
}

/** How deep the interpreter goes for a call of a function. */
export function weightOf({ body }: LambdaNode): number {
  return 1 + depthOf(body);
}

function emitSignature(node: LambdaNode, place: Place): string {
  const { signature } = node;
  // The parser copies the left side of `?:` and `??` as JSON, which no signature survives.
  if (!isSignature(signature)) throw new NotCompiled('A signature was lost.', node.position);
  return value(place.program, 'signature_', signature);
}

function isSignature(thing: unknown): thing is Signature {
  return typeof thing === 'object' && thing !== null && 'validate' in thing && typeof thing.validate === 'function';
}

/** A call that is the last thing a function does. Its arguments are handed over as they are. */
export function emitTailCall(node: Node, place: Place): Code {
  if (node.type !== 'function') throw new NotCompiled('A tail position holds no call.');
  const name = libraryName(node, place);
  if (name !== undefined) {
    const inPlace =
      emitHigherOrder(name, node, place, undefined, 'raw') ??
      emitDirect(name, node, place, undefined, use(place.program, 'unknownContext'));
    if (inPlace !== undefined) return { ...inPlace, stable: true };
  }
  const procedure = emit(node.procedure, place);
  const args = node.arguments.map((argument) => emit(argument, place).js);
  return code(`new ${use(place.program, 'TailCall')}(${procedure.js}, [${args.join(', ')}])`, 'any', { stable: true });
}

export function emitPartial(node: PartialNode, place: Place): Code {
  const { program } = place;
  const args = node.arguments.map((argument) =>
    argument.type === 'operator' && argument.value === '?' ? use(program, 'open') : emit(argument, place).js,
  );
  const procedure = emit(node.procedure, place);
  const here = at(place, node.position, procedureName(node.procedure));
  const meant =
    node.procedure.type === 'path' ? lookUp(program, place.scope, procedureName(node.procedure) ?? '').js : 'undefined';
  return code(`${use(program, 'partial')}([${args.join(', ')}], ${procedure.js}, ${meant}, ${here})`, 'function', {
    defined: true,
  });
}

/** `value ~> function`. */
export function emitApply(node: ApplyNode, place: Place): Code {
  const left = emit(node.lhs, place);
  if (node.rhs.type === 'function') return emitCall(node.rhs, place, left);
  const right = emit(node.rhs, place);
  return code(`${use(place.program, 'applyTo')}(${left.js}, ${right.js}, ${at(place, node.position, undefined)})`);
}

import { type Group, marksOf, type Node, type PathNode, type SortNode, type Stage } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { type Code, code } from './code.ts';
import { groupWeight } from './construct.ts';
import { arrow, at, emit, freshName, isPlaceNumber, overriding, type Place } from './emit.ts';
import { emitItems, isConstructed, sortTerms } from './paths.ts';
import { text, use } from './program.ts';
import { newFrame } from './scope.ts';

/**
 * A path some step of which binds names. From there on it walks tuples: each holds an item and what was bound on the way
 * to it, and the steps and filters behind see those names.
 */
export function emitTuplePath(node: PathNode, place: Place): Code {
  const { program } = place;
  const first = node.steps.findIndex((step) => marksOf(step).tuple === true);
  let tuples = emitFirstTuples(node, first, place);
  for (const step of node.steps.slice(first + 1)) tuples = emitTupleStep(step, tuples, place);
  // A sort of tuples forgets that they are, and then what follows depends on how many there are.
  if (node.steps.at(-1)?.type === 'sort' && (node.group !== undefined || node.tuple === true)) {
    throw new NotCompiled('Sorted tuples are grouped or handed on.', node.position);
  }
  let result = node.tuple === true ? tuples : `${use(program, 'tupleValues')}(${tuples})`;
  if (node.keepSingletonArray === true) result = `${use(program, 'keepList')}(${result})`;
  if (node.group === undefined) return code(result);
  return emitTupleGroup(node.group, first > 0 ? `${use(program, 'someTuples')}(${tuples})` : tuples, place);
}

function emitFirstTuples(node: PathNode, first: number, place: Place): string {
  const { program, it } = place;
  const step = node.steps[first];
  if (step === undefined || isConstructed(node.steps[0])) {
    throw new NotCompiled('A path of tuples starts with a constructed array.', node.position);
  }
  const found = emitItems(node, place, first);
  const own =
    step.type === 'variable' ? `${use(program, 'createSequence')}(${it})` : `${use(program, 'asInputList')}(${it})`;
  const list = found === undefined ? own : `${use(program, 'itemList')}(${found})`;
  if (step.type !== 'sort') return emitTupleStep(step, `${use(program, 'startTuples')}(${list})`, place);
  const { index, stages } = step;
  const sorted = `${use(program, 'sortBy')}(${list}, ${sortTerms(step, place)}, ${at(place, step.position, undefined)})`;
  const numbered = `${use(program, 'sortedTuples')}(${sorted}, ${index === undefined ? 'undefined' : text(index)})`;
  return emitStages(stages, numbered, place);
}

function emitTupleStep(step: Node, tuples: string, place: Place): string {
  if (step.type === 'sort') return emitTupleSort(step, tuples, place);
  const { focus, index, ancestor, stages } = marksOf(step);
  const bindings = [
    ...(focus === undefined ? [] : [`focus: ${text(focus)}`]),
    ...(index === undefined ? [] : [`index: ${text(index)}`]),
    ...(ancestor === undefined ? [] : [`ancestor: ${text(ancestor.label)}`]),
  ];
  const walk = tupleFunction(step, place);
  const stream = `${use(place.program, 'tupleStep')}(${tuples}, ${walk.js}, { ${bindings.join(', ')} })`;
  return emitStages(stages, stream, place);
}

function emitTupleSort(step: SortNode, tuples: string, place: Place): string {
  if (step.stages !== undefined) throw new NotCompiled('Sorted tuples are filtered.', step.position);
  const { program } = place;
  const terms = step.terms.map(
    ({ expression, descending }) => `{ key: ${tupleFunction(expression, place).js}, descending: ${descending} }`,
  );
  return `${use(program, 'sortTuples')}(${tuples}, [${terms.join(', ')}], ${at(place, step.position, undefined)})`;
}

function emitStages(stages: readonly Stage[] | undefined, tuples: string, place: Place): string {
  const { program } = place;
  let js = tuples;
  for (const stage of stages ?? []) {
    if (stage.type === 'index') js = `${use(program, 'numberTuples')}(${js}, ${text(stage.value)})`;
    else if (isPlaceNumber(stage.expr)) js = `${use(program, 'filterTuplesAt')}(${js}, ${stage.expr.value})`;
    else js = `${use(program, 'filterTuples')}(${js}, ${tupleFunction(stage.expr, place).js}${overriding(place)})`;
  }
  return js;
}

function emitTupleGroup({ lhs, position }: Group, tuples: string, place: Place): Code {
  const pairs = lhs.map((pair) => `[${pair.map((part) => tupleFunction(part, place).js).join(', ')}]`);
  const js = `${use(place.program, 'groupTuples')}(${tuples}, [\n${pairs.join(',\n')}\n], ${at(place, position, undefined)}, ${groupWeight(lhs)})`;
  return code(js, 'object', { defined: true });
}

/** A JavaScript function of an item and its tuple. */
function tupleFunction(node: Node, place: Place): { js: string } {
  const { program } = place;
  const frame = newFrame();
  const [it, tuple] = [freshName(program, 'item'), freshName(program, 'tuple')];
  const result = emit(node, {
    ...place,
    it,
    self: undefined,
    frame,
    isPlainInput: false,
    scope: { kind: 'tuple', tuple, outer: place.scope },
  });
  return { js: arrow([it, tuple], frame, result.js) };
}

import { marksOf, type Node, type PathNode, type SortNode } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { type Code, code } from './code.ts';
import { emitGroup } from './construct.ts';
import { at, emit, emitFilter, emitFunction, isPlaceNumber, type Place } from './emit.ts';
import { inputField, type Program, reader, type Reading, shared, use } from './program.ts';
import { isOutermost, temporary } from './scope.ts';
import { emitTuplePath } from './tuples.ts';

/** A path's value, not collapsed yet unless it is known to be. */
export function emitPath(node: PathNode, place: Place): Code {
  if (node.steps.some((step) => marksOf(step).tuple === true)) return emitTuplePath(node, place);
  const { program } = place;
  const [first] = node.steps;
  if (isConstructed(first)) return emitConstructedPath(node, place);
  if (!needsList(node)) return emitPlainPath(node, emitItems(node, place), place);
  let list = emitLast(node, emitItems(node, place), place);
  if (node.keepSingletonArray === true) list = code(`${use(program, 'keepList')}(${list.js})`);
  return node.group === undefined ? list : emitGroup(node.group, list, place);
}

/** An array at a path's start that is empty is the path's value. */
function emitConstructedPath(node: PathNode, place: Place): Code {
  const { program, frame } = place;
  if (node.keepSingletonArray === true)
    throw new NotCompiled('A path of constructed arrays ends in [].', node.position);
  const items = temporary(program, frame, 'items_');
  const begun = `(${items} = ${emitFirst(node.steps[0] as Node, place)})`; // a path has a first step
  const rest = emitLast(node, emitFurther(node, items, place), place);
  const list = code(`(${use(program, 'isEmptyList')}(${begun}) ? ${items} : ${rest.js})`);
  return node.group === undefined ? list : emitGroup(node.group, list, place);
}

function needsList({ steps, group, keepSingletonArray, keepArray }: PathNode): boolean {
  const last = steps.at(-1);
  const isPlainName = last?.type === 'name' && last.stages === undefined && last.keepArray !== true;
  return group !== undefined || keepSingletonArray === true || keepArray === true || !isPlainName;
}

/** A path that ends in a name: its reader gives the collapsed value. */
function emitPlainPath(node: PathNode, items: string | undefined, place: Place): Code {
  const last = node.steps.at(-1);
  if (last?.type !== 'name') throw new NotCompiled('A path does not end in a name.');
  const js =
    items === undefined ? emitRead('get', last.value, place) : `${reader(place.program, 'get', last.value)}(${items})`;
  const isField = items === undefined && place.isPlainInput;
  const known = isBindingPath(node, place) ? bindingField(place.program, node, js) : js;
  return { ...code(known, 'any', { stable: isField }), collapsed: true };
}

/** `$binding.a.b`: the same wherever it stands. */
function isBindingPath({ steps: [first, ...names] }: PathNode, { program, scope }: Place): boolean {
  if (first?.type !== 'variable' || !isBare(first) || !names.every(isPlainName)) return false;
  return isOutermost(program, scope, first.value);
}

/** It is read once, before all else. */
function bindingField(program: Program, { steps }: PathNode, read: string): string {
  const words = steps.map((step) => ('value' in step ? String(step.value) : ''));
  return shared(program, `binding ${read}`, words.join('_'), (name) => program.bindingFields.set(name, read));
}

function isBare(step: Node): boolean {
  const { predicate, group, stages, keepArray } = marksOf(step);
  return (predicate ?? group ?? stages) === undefined && keepArray !== true;
}

/** The items that all steps of a path but the last ones find, as JavaScript; nothing if that is no step. */
export function emitItems(node: PathNode, place: Place, count = node.steps.length - 1): string | undefined {
  const [first] = node.steps;
  if (first === undefined || count === 0) return undefined;
  return emitFurther(node, emitFirst(first, place), place, count);
}

function emitFurther(node: PathNode, begun: string, place: Place, count = node.steps.length - 1): string {
  return node.steps.slice(1, count).reduce((items, step) => emitStep(step, items, place), begun);
}

function emitStep(step: Node, items: string, place: Place): string {
  const { program } = place;
  if (step.type === 'sort') return emitSort(step, items, place).js;
  if (isPlainName(step)) return `${reader(program, 'in', step.value)}(${items})`;
  return `${use(program, 'nextStep')}(${items}, ${stepFunction(step, place)})`;
}

/** A path starts from the context, or from a value of its own. */
function emitFirst(step: Node, place: Place): string {
  const { program, it } = place;
  if (step.type === 'sort') throw new NotCompiled('A path starts with a sort.');
  if (isConstructed(step)) {
    const list = `${use(program, 'asInputList')}(${it})`;
    // The items of the array see the context as a list.
    const value = emitFunction(place, 'list', (inner) => emit(step, inner));
    return `${use(program, 'constructedItems')}((${value.js})(${list}))`;
  }
  if (step.type === 'variable') return emitStart(step, place);
  if (isPlainName(step)) return emitRead('in', step.value, place);
  if (place.isPlainInput) return asItems(stepValue(step, place), place);
  return `${use(program, 'firstStep')}(${it}, ${stepFunction(step, place)})`;
}

/** A value as the items of the next step. What a filter keeps are items already. */
function asItems({ js, where }: Code, { program }: Place): string {
  if (where === undefined) return `${use(program, 'asItems')}(${js})`;
  return `${use(program, 'keptWhere')}(${where.list}, ${where.predicate})`;
}

/** A field of the context. */
export function emitRead(reading: Reading, name: string, { program, it, isPlainInput }: Place): string {
  return isPlainInput ? inputField(program, reading, name) : `${reader(program, reading, name)}(${it})`;
}

function emitStart(step: Node, place: Place): string {
  const value = stepValue(step, place);
  return value.kind === 'object' ? value.js : `${use(place.program, 'start')}(${value.js})`;
}

/** The last step's results as one list. */
function emitLast(node: PathNode, items: string | undefined, place: Place): Code {
  const { program, it } = place;
  const last = node.steps.at(-1);
  if (last === undefined) throw new NotCompiled('A path has no steps.');
  if (last.type === 'sort') return emitSortedEnd(last, items ?? it, place);
  if (items !== undefined) return emitLastStep(last, items, place);
  if (isConstructed(last)) throw new NotCompiled('A path is a constructed array alone.');
  if (last.type === 'variable') return code(`${use(program, 'onlyValue')}(${stepValue(last, place).js})`);
  // A filter's list is made for it, anything else may be part of the data.
  if (place.isPlainInput && endsInFilter(last)) return stepValue(last, place);
  if (place.isPlainInput) return code(`${use(program, 'onlyValue')}(${stepValue(last, place).js})`);
  return code(`${use(program, endsInFilter(last) ? 'onlyFiltered' : 'onlyStep')}(${it}, ${stepFunction(last, place)})`);
}

function emitLastStep(step: Node, items: string, place: Place): Code {
  const { program } = place;
  const written = emitFunction(place, 'item', (inner) => stepValue(step, inner));
  const walk = use(program, endsInFilter(step) ? 'lastFiltered' : 'lastStep');
  const { where } = written.result;
  const exists = (list: string, predicate: string) => (): string =>
    `${use(program, 'anyStepWhere')}(${items}, ${written.giving(list)}, ${predicate})`;
  return code(
    `${walk}(${items}, ${written.js})`,
    'any',
    where?.neverFails !== true ? {} : { exists: exists(where.list, where.predicate) },
  );
}

/** `[path]` of several steps: a list of its own. */
export function emitListedPath(node: Node, place: Place): string | undefined {
  if (node.type !== 'path' || node.group !== undefined || node.predicate !== undefined) return undefined;
  if (node.keepArray === true || node.keepSingletonArray === true) return undefined;
  if (node.steps.some((step) => marksOf(step).tuple === true) || isConstructed(node.steps[0])) return undefined;
  const last = node.steps.at(-1);
  if (last === undefined || node.steps.length < 2 || !needsList(node) || last.type === 'sort') return undefined;
  const items = emitItems(node, place);
  if (items === undefined) return undefined;
  return `${use(place.program, 'stepList')}(${items}, ${stepFunction(last, place)})`;
}

function endsInFilter(step: Node): boolean {
  const stage = marksOf(step).stages?.at(-1);
  return stage?.type === 'filter' && !isPlaceNumber(stage.expr);
}

function stepFunction(step: Node, place: Place): string {
  return emitFunction(place, 'item', (inner) => stepValue(step, inner)).js;
}

/** A step's value for one item, with its filters. */
function stepValue(step: Node, place: Place): Code {
  let value = emit(step, place);
  for (const stage of marksOf(step).stages ?? []) {
    if (stage.type !== 'filter') throw new NotCompiled('A step is numbered outside a path of tuples.');
    value = emitFilter(stage, value, place);
  }
  return value;
}

function isPlainName(step: Node): step is Node & { type: 'name' } {
  return step.type === 'name' && step.stages === undefined && step.keepArray !== true && step.predicate === undefined;
}

/** The interpreter works such a first step out once, with the context as a list. */
export function isConstructed(step: Node | undefined): boolean {
  return step !== undefined && marksOf(step).consarray === true;
}

/** `items^(terms)` on the way: a list. */
function emitSort(step: SortNode, items: string, place: Place): Code {
  const { program } = place;
  const sorted = `${use(program, 'sortBy')}(${use(program, 'itemList')}(${items}), ${sortTerms(step, place)}, ${at(place, step.position, undefined)})`;
  let list = code(sorted, 'array');
  for (const stage of step.stages ?? []) {
    if (stage.type !== 'filter') throw new NotCompiled('A sort is numbered outside a path of tuples.');
    list = emitFilter(stage, list, place);
  }
  return list;
}

function emitSortedEnd(step: SortNode, items: string, place: Place): Code {
  const sorted = emitSort(step, items, place);
  if (step.stages !== undefined) return sorted;
  return code(`${use(place.program, 'sortedResult')}(${sorted.js})`);
}

export function sortTerms(step: SortNode, place: Place): string {
  const terms = step.terms.map(({ expression, descending }) => {
    const key = emitFunction(place, 'item', (inner) => emit(expression, inner)).js;
    return `{ key: ${key}, descending: ${descending} }`;
  });
  return `[${terms.join(', ')}]`;
}

import { childrenOf, type LambdaNode, marksOf, type Node } from '../compile/ast.ts';
import type { Bound, Visit } from './visit.ts';

/** As far as the interpreter's frames of variables are used here; it takes symbols for names. */
export type Frame = { bind(name: symbol, value: unknown): void; lookup(name: string | symbol): unknown };

/** Notes every evaluation of one row in a tree of visits. */
export type Recorder = {
  /** In the order in which they began. */
  readonly visits: readonly Visit[];
  /** In the order in which they ended: the inner before the outer. */
  readonly finished: readonly Visit[];
  /** Resolves when the node may be evaluated. */
  enter(node: Node, input: unknown, frame: Frame): Promise<void>;
  exit(node: Node, result: unknown, frame: Frame): void;
};

/** What the shape of a mapping says about who evaluates whom. */
export type Structure = { readonly around: ReadonlyMap<Node, Node>; readonly lambdas: ReadonlyMap<Node, LambdaNode> };

/** Function bodies and filters are left out of `around`: they run when something calls them, not with what they stand in. */
export function structureOf(root: Node): Structure {
  const around = new Map<Node, Node>();
  const lambdas = new Map<Node, LambdaNode>();
  const look = (node: Node) => {
    const filters = new Set<Node>(filtersOf(node));
    for (const child of childrenOf(node)) {
      if (node.type === 'lambda' && node.thunk !== true) lambdas.set(child, node);
      else if (!filters.has(child)) around.set(child, node);
      look(child);
    }
  };
  look(root);
  return { around, lambdas };
}

/** The conditions in square brackets behind an expression. */
export function filtersOf(node: Node): Node[] {
  const { predicate = [], stages = [] } = marksOf(node);
  return [...predicate, ...stages].flatMap((stage) => (stage.type === 'filter' ? [stage.expr] : []));
}

type Turn = { readonly tail: Promise<void>; readonly release: () => void };

/**
 * The interpreter evaluates the values of an object and the items of an array side by side, so that their evaluations
 * would mix. Here each waits until the one before it has ended; what they give is the same.
 */
export function createRecorder({ around, lambdas }: Structure): Recorder {
  const visits: Visit[] = [];
  const finished: Visit[] = [];
  const open: Visit[] = [];
  /** By the visit around them: the last of the parts that wait for each other. */
  const turns = new Map<Visit, Promise<void>>();
  const ends = new Map<Visit, Turn>();

  const begin = (node: Node, input: unknown, parent: Visit | undefined): Visit => {
    const visit = { index: visits.length, node, parent, children: [], input, result: undefined, ended: false };
    visits.push(visit);
    parent?.children.push(visit);
    open.push(visit);
    return visit;
  };

  /** The open visit of the expression that a node stands in; else whatever is being evaluated. */
  const parentOf = (node: Node): Visit | undefined => {
    const outer = around.get(node);
    return (outer && open.findLast((visit) => visit.node === outer)) ?? open.at(-1);
  };

  return {
    visits,
    finished,
    async enter(node, input, frame) {
      const parent = parentOf(node);
      const end = newTurn();
      // Called before the first wait of each part, so that they queue in the order of the text.
      const before = parent === undefined ? undefined : turns.get(parent);
      if (parent !== undefined) turns.set(parent, end.tail);
      if (parent !== open.at(-1)) await before;
      const visit = begin(node, input, parent);
      ends.set(visit, end);
      const lambda = lambdas.get(node);
      if (lambda !== undefined && parent !== undefined) bindArguments(lambda, parent, frame);
      if (node.type === 'variable') {
        const bound = frame.lookup(companion(node.value)) as Bound | undefined; // bound below and nowhere else
        if (bound !== undefined && Object.is(bound.value, frame.lookup(node.value))) visit.boundBy = bound;
      }
    },
    exit(node, result, frame) {
      const visit = open.pop();
      if (visit === undefined) return;
      visit.result = result;
      visit.ended = true;
      finished.push(visit);
      if (node.type === 'bind') {
        const bound: Bound = { kind: 'assigned', by: visit, value: frame.lookup(node.lhs.value) };
        frame.bind(companion(node.lhs.value), bound);
      }
      ends.get(visit)?.release();
      ends.delete(visit);
      turns.delete(visit);
    },
  };
}

/** Beside each variable stands one that tells what set it; so it follows scopes and closures as the variable does. */
function companion(name: string): symbol {
  return Symbol.for(`sluice.bound-by:${name}`);
}

function bindArguments({ arguments: parameters }: LambdaNode, call: Visit, frame: Frame): void {
  for (const { value: name } of parameters) {
    const bound: Bound = { kind: 'argument', call, before: call.children.length - 1, value: frame.lookup(name) };
    frame.bind(companion(name), bound);
  }
}

function newTurn(): Turn {
  let release: () => void = () => undefined;
  const tail = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { tail, release };
}

/**
 * The syntax tree `jsonata(text).ast()` gives, as far as the compiler reads it.
 *
 * The package types it loosely and leaves out the marks its parser adds for the evaluator; these are they.
 */
export type Node =
  | PathNode
  | BinaryNode
  | UnaryNode
  | NameNode
  | LiteralNode
  | BareNode
  | ParentNode
  | ConditionNode
  | BlockNode
  | BindNode
  | RegexNode
  | CallNode
  | PartialNode
  | VariableNode
  | LambdaNode
  | ApplyNode
  | TransformNode
  | SortNode
  | PlaceholderNode
  | { type: 'error' };

/** What any node may carry. */
export type Marks = {
  position?: number;
  keepArray?: boolean;
  predicate?: FilterStage[];
  group?: Group;
  stages?: Stage[];
  /** `@$name`, `#$name` and `%` make a step bind names; such a path walks tuples, not values. */
  focus?: string;
  index?: string;
  ancestor?: Slot;
  tuple?: boolean;
  /** An array constructor that a path must not flatten, or a block around one. */
  consarray?: boolean;
};

export type Slot = { label: string };
export type FilterStage = { type: 'filter'; expr: Node };
export type Stage = FilterStage | { type: 'index'; value: string };
export type Group = { lhs: Pair[]; position: number };
export type Pair = [key: Node, value: Node];

export type PathNode = Marks & { type: 'path'; steps: Node[]; keepSingletonArray?: boolean };
export type BinaryNode = Marks & { type: 'binary'; value: string; lhs: Node; rhs: Node };
export type UnaryNode = ArrayNode | ObjectNode | NegationNode;
export type ArrayNode = Marks & { type: 'unary'; value: '['; expressions: Node[] };
export type ObjectNode = Marks & { type: 'unary'; value: '{'; lhs: Pair[] };
export type NegationNode = Marks & { type: 'unary'; value: '-'; expression: Node };
export type NameNode = Marks & { type: 'name'; value: string };
export type LiteralNode = Marks & { type: 'string' | 'number' | 'value'; value: string | number | boolean | null };
export type BareNode = Marks & { type: 'wildcard' | 'descendant' };
export type ParentNode = Marks & { type: 'parent'; slot: Slot };
export type ConditionNode = Marks & { type: 'condition'; condition: Node; then: Node; else?: Node };
export type BlockNode = Marks & { type: 'block'; expressions: Node[] };
export type BindNode = Marks & { type: 'bind'; lhs: VariableNode; rhs: Node };
export type RegexNode = Marks & { type: 'regex'; value: unknown };
export type CallNode = Marks & { type: 'function'; procedure: Node; arguments: Node[] };
export type PartialNode = Marks & { type: 'partial'; procedure: Node; arguments: Node[] };
export type VariableNode = Marks & { type: 'variable'; value: string };
export type LambdaNode = Marks & {
  type: 'lambda';
  arguments: VariableNode[];
  signature?: unknown;
  body: Node;
  thunk?: boolean;
};
export type ApplyNode = Marks & { type: 'apply'; lhs: Node; rhs: Node };
export type TransformNode = Marks & { type: 'transform'; pattern: Node; update: Node; delete?: Node };
export type SortNode = Marks & { type: 'sort'; terms: { descending: boolean; expression: Node }[] };
export type PlaceholderNode = Marks & { type: 'operator'; value: string };

/** The marks of a node, whichever node it is. */
export function marksOf(node: Node): Marks {
  return node.type === 'error' ? {} : node;
}

/** The nodes directly inside a node, in the order the interpreter would come to them. */
export function childrenOf(node: Node): Node[] {
  return [...ownChildren(node), ...stageChildren(marksOf(node))];
}

function ownChildren(node: Node): Node[] {
  switch (node.type) {
    case 'path':
      return node.steps;
    case 'binary':
    case 'apply':
      return [node.lhs, node.rhs];
    case 'unary':
      return node.value === '[' ? node.expressions : node.value === '{' ? node.lhs.flat() : [node.expression];
    case 'condition':
      return [node.condition, node.then, ...(node.else === undefined ? [] : [node.else])];
    case 'block':
      return node.expressions;
    case 'bind':
      return [node.rhs];
    case 'function':
    case 'partial':
      return [node.procedure, ...node.arguments];
    case 'lambda':
      return [node.body];
    case 'transform':
      return [node.pattern, node.update, ...(node.delete === undefined ? [] : [node.delete])];
    case 'sort':
      return node.terms.map((term) => term.expression);
    case 'name':
    case 'string':
    case 'number':
    case 'value':
    case 'wildcard':
    case 'descendant':
    case 'parent':
    case 'regex':
    case 'variable':
    case 'operator':
    case 'error':
      return [];
    default:
      return node satisfies never;
  }
}

function stageChildren(marks: Marks): Node[] {
  const stages: Stage[] = [...(marks.predicate ?? []), ...(marks.stages ?? [])];
  const filters = stages.flatMap((stage) => (stage.type === 'filter' ? [stage.expr] : []));
  return [...filters, ...(marks.group?.lhs.flat() ?? [])];
}

import type { Node } from '../ast.ts';
import { childrenOf } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { library } from '../runtime/library/library.ts';
import { type Code, code, type Kind } from './code.ts';
import { identifier, libraryFunction, type Program, text, use } from './program.ts';

/** A variable of the expression. */
export type Variable = {
  readonly js: string;
  /** Assigned in one place only: what that place assigns is known of it. */
  readonly isSingle: boolean;
  /** Holds its value collapsed: nothing behind its name would see the difference. */
  readonly collapses: boolean;
  /** What is known of its value. */
  facts: Omit<Code, 'js'>;
  /** The name of the constant it holds. */
  constant?: string;
  /** Holds a function written in place: how deep the interpreter goes for its body. */
  weight?: number;
  /** Assigned on every way to where code is being written. */
  assigned: boolean;
  /** Read anywhere. */
  isRead: boolean;
  /** Read where it may not be assigned yet: then an outer variable of the name is meant. */
  mayBeUnset: boolean;
};

/** Where names are looked for: the variables of a block or function, or those a tuple binds. */
export type Scope =
  | { readonly kind: 'variables'; readonly variables: Map<string, Variable>; readonly outer: Scope | undefined }
  | { readonly kind: 'tuple'; readonly tuple: string; readonly outer: Scope | undefined };

/** The JavaScript function being written: the names it declares. */
export type Frame = {
  readonly locals: (() => string)[];
  /** Statements it starts with, as far as they prove needed. */
  readonly heads: (() => string | undefined)[];
};

export function newFrame(): Frame {
  return { locals: [], heads: [] };
}

/** The statements a function of a frame starts with. */
export function frameHead({ heads, locals }: Frame): string[] {
  const needed = heads.map((head) => head()).filter((head) => head !== undefined);
  return locals.length === 0 ? needed : [...needed, `let ${locals.map((local) => local()).join(', ')};`];
}

export type Variables = Scope & { kind: 'variables' };

/**
 * A scope for the variables that the given expressions bind, but not those in blocks and functions inside. Parameters are
 * declared by their function; those that are assigned as well are `rebound`.
 */
export function openScope(
  program: Program,
  frame: Frame,
  outer: Scope | undefined,
  nodes: readonly Node[],
  parameters: readonly string[] = [],
): Variables & { rebound: ReadonlySet<string> } {
  const variables = new Map<string, Variable>();
  const names = nodes.flatMap(boundNames);
  for (const name of new Set(names)) {
    if (parameters.includes(name)) continue;
    const isSingle = names.filter((other) => other === name).length === 1;
    const js = identifier(program, `$${name}`);
    const variable = { ...newVariable(js), isSingle, collapses: isSingle && !program.filtered.has(name) };
    frame.locals.push(() => (variable.mayBeUnset ? `${js} = ${use(program, 'unset')}` : js));
    variables.set(name, variable);
  }
  return { kind: 'variables', variables, outer, rebound: new Set(names.filter((name) => parameters.includes(name))) };
}

function newVariable(js: string): Variable {
  const facts = { kind: 'any', defined: false, stable: false } as const;
  return { js, isSingle: false, collapses: false, facts, assigned: false, isRead: false, mayBeUnset: false };
}

/** A parameter is assigned from the start, by whoever calls. */
export function parameterVariable(js: string, kind: Kind | undefined): Variable {
  const known = kind === undefined ? {} : { facts: { kind, defined: true, stable: true } };
  return { ...newVariable(js), ...known, assigned: true };
}

/** A parameter that its function makes collapse before all else. */
export function collapsedParameter(js: string, { heads }: Frame, program: Program): Variable {
  const facts = { kind: 'any', defined: false, stable: false, collapsed: true } as const;
  const variable = { ...newVariable(js), facts, assigned: true };
  heads.push(() => (variable.isRead ? `${js} = ${use(program, 'collapse')}(${js});` : undefined));
  return variable;
}

function boundNames(node: Node): string[] {
  const own = node.type === 'bind' ? [node.lhs.value] : [];
  const inside = node.type === 'block' || node.type === 'lambda' ? stageNodes(node) : childrenOf(node);
  return [...own, ...inside.flatMap(boundNames)];
}

/** Filters and groups behind a block or function are not inside it. */
function stageNodes(node: Node & { type: 'block' | 'lambda' }): Node[] {
  const inside = new Set<Node>(node.type === 'block' ? node.expressions : [node.body]);
  return childrenOf(node).filter((child) => !inside.has(child));
}

export function temporary(program: Program, frame: Frame, like: string): string {
  const name = identifier(program, like);
  frame.locals.push(() => name);
  return name;
}

/** The value a name has. */
export function lookUp(program: Program, scope: Scope | undefined, name: string): Code {
  if (scope === undefined) return outermost(program, name);
  if (scope.kind === 'tuple') {
    const outer = lookUp(program, scope.outer, name);
    if (!program.tupleNames.has(name)) return outer;
    return code(`${use(program, 'bound')}(${scope.tuple}, ${text(name)}, ${outer.js})`);
  }
  const variable = scope.variables.get(name);
  if (variable === undefined) return lookUp(program, scope.outer, name);
  variable.isRead = true;
  if (variable.assigned) return { js: variable.js, ...variable.facts };
  variable.mayBeUnset = true;
  const outer = lookUp(program, scope.outer, name);
  const outerJs = variable.collapses && !isCollapsed(outer) ? `${use(program, 'collapse')}(${outer.js})` : outer.js;
  const js = `(${variable.js} !== ${use(program, 'unset')} ? ${variable.js} : ${outerJs})`;
  return { ...code(js), collapsed: variable.collapses };
}

function isCollapsed(value: Code): boolean {
  return value.stable || value.collapsed === true;
}

function outermost(program: Program, name: string): Code {
  if (name === '$') return code('root');
  if (name === 'eval') throw new NotCompiled('$eval needs the interpreter.');
  if (library.has(name)) return code(libraryFunction(program, name), 'function', { defined: true });
  if (name.startsWith('!')) return code('undefined');
  const known = program.bindings.get(name);
  const js = known ?? identifier(program, `$${name}`);
  program.bindings.set(name, js);
  return { ...code(js), collapsed: !program.filtered.has(name) };
}

/** Whether a name is nothing in the expression, and so a binding's. */
export function isOutermost(program: Program, scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) {
    if (at.kind === 'tuple' ? program.tupleNames.has(name) : at.variables.has(name)) return false;
  }
  return /^\w+$/.test(name) && !library.has(name) && !program.filtered.has(name) && name !== 'eval';
}

/** The variable a name stands for, if it is certain to have been assigned here. */
export function assignedVariable(scope: Scope | undefined, name: string): Variable | undefined {
  if (scope === undefined || scope.kind === 'tuple') return undefined;
  const variable = scope.variables.get(name);
  if (variable === undefined) return assignedVariable(scope.outer, name);
  return variable.assigned ? variable : undefined;
}

/** Whether a name means the library's function here. */
export function meansLibrary(program: Program, scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) {
    if (at.kind === 'tuple' ? program.tupleNames.has(name) : at.variables.has(name)) return false;
  }
  return library.has(name);
}

/** The variable an assignment sets. */
export function assignable(scope: Scope | undefined, name: string, position: number | undefined): Variable {
  if (scope?.kind !== 'variables') {
    throw new NotCompiled('A variable is set inside a step that binds names.', position);
  }
  const variable = scope.variables.get(name);
  if (variable === undefined) throw new NotCompiled(`$${name} is set where it was not expected.`, position);
  return variable;
}

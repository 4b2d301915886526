import jsonata from 'jsonata';
import type { Node } from './ast.ts';
import type { Place } from './emit/emit.ts';
import { newProgram, type Program, text, use } from './emit/program.ts';
import { frameHead, newFrame, openScope } from './emit/scope.ts';
import { emitSequence } from './emit/control.ts';
import { constantsIn } from './constants.ts';
import { ExpressionError } from './expression-error.ts';
import { HandOver } from './hand-over.ts';
import { indent } from './indent.ts';
import { messageOf } from './messages.ts';
import { NotCompiled } from './not-compiled.ts';
import { begin, finish, insideFunction, type Limits } from './runtime/evaluation.ts';
import { isFunction } from './runtime/kinds.ts';
import { library } from './runtime/library/library.ts';
import { runtime } from './runtime/runtime.ts';
import { createSequence, isArray, type List } from './runtime/sequence.ts';
import { assignmentSideBySide, depthOf, filteredNamesIn, mayFailSideBySide, tupleNamesIn } from './survey.ts';
import { marksOf } from './ast.ts';

export type CompiledExpression =
  | {
      kind: 'compiled';
      /**
       * The value for one input, at once. Throws an {@link ExpressionError}, the interpreter's error, or a
       * {@link HandOver}: ask the interpreter about this input. The input is JSON data, bindings may hold functions too.
       */
      evaluate: (input: unknown, bindings?: Bindings) => unknown;
      /** The program, for reading. */
      code: string;
    }
  | { kind: 'not-compiled'; reason: string; position?: number };

/** Names without their `$`. */
export type Bindings = { readonly [name: string]: unknown };

type Evaluate = (input: unknown, root: unknown, bindings: Bindings) => unknown;

/**
 * Compiles a JSONata expression to one synchronous JavaScript function.
 *
 * Says `not-compiled` for constructs only the interpreter can do, and where code may not be generated from strings.
 * Text that is no JSONata throws what the package throws.
 */
export function compileExpression(source: string, limits: Limits = {}): CompiledExpression {
  // The package's own type leaves out the marks its parser adds.
  const ast = jsonata(source).ast() as unknown as Node;
  try {
    return compileNode(ast, limits);
  } catch (cause) {
    if (cause instanceof NotCompiled) {
      const { message, position } = cause;
      return { kind: 'not-compiled', reason: message, ...(position === undefined ? {} : { position }) };
    }
    if (cause instanceof EvalError)
      return { kind: 'not-compiled', reason: 'Code may not be generated from strings here.' };
    throw cause;
  }
}

function compileNode(ast: Node, limits: Limits): CompiledExpression {
  const bind = assignmentSideBySide(ast);
  if (bind !== undefined) {
    throw new NotCompiled('A variable is set among values worked out side by side.', marksOf(bind).position);
  }
  // The interpreter counts what it works out side by side as depth. What is left is for functions inside functions.
  const stack = (limits.stack ?? Infinity) - depthOf(ast);
  if (stack < 0) throw new NotCompiled('The expression alone may reach the limit of depth.');
  const { program, code, evaluate } = write(ast, true);
  let forOthers: Evaluate | undefined;
  const errorsDepend = mayFailSideBySide(ast);
  return {
    kind: 'compiled',
    code,
    evaluate(input, bindings = {}) {
      checkBindings(program, bindings);
      const interrupted = begin(limits.timeout ?? Infinity, stack);
      try {
        if (isPlainObject(input)) return evaluate(input, input, bindings);
        forOthers ??= write(ast, false).evaluate;
        return forOthers(wrapped(input), input, bindings);
      } catch (cause) {
        if (cause instanceof ExpressionError && !errorsDepend && !insideFunction()) throw worded(cause);
        throw cause instanceof HandOver ? cause : new HandOver('An error only the interpreter can name.', cause);
      } finally {
        finish(interrupted);
      }
    },
  };
}

/** The interpreter cannot put every function into words. */
function worded(error: ExpressionError): ExpressionError | HandOver {
  if (Object.values(error.details).some(isFunction)) return new HandOver('An error is about a function.', error);
  error.message = messageOf(error);
  return error;
}

/**
 * Nearly every input is a plain object. Anything else needs more care in many places, and gets a program of its own. The
 * interpreter takes objects with certain keys for something else.
 */
function isPlainObject(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || isArray(input)) return false;
  const { tupleStream, outerWrapper, _jsonata_lambda, _jsonata_function } = input as { [mark: string]: unknown };
  return !tupleStream && !outerWrapper && _jsonata_lambda !== true && _jsonata_function !== true;
}

function write(ast: Node, isPlainInput: boolean): { program: Program; code: string; evaluate: Evaluate } {
  const program = newProgram({
    tupleNames: tupleNamesIn(ast),
    filtered: filteredNamesIn(ast),
    constants: constantsIn(ast),
  });
  const code = programText(program, ast, isPlainInput);
  return { program, code, evaluate: load(program, code) };
}

/** A binding takes the place of a library function of the same name, which the text has taken for granted. */
function checkBindings(program: Program, bindings: Bindings): void {
  for (const name in bindings) {
    if (program.library.has(name) || name === '$') throw new HandOver(`A binding is called ${name}.`);
  }
}

/** An array is one input, not many. */
function wrapped(input: unknown): unknown {
  if (!isArray(input) || input.sequence === true) return input;
  const wrapper: List = createSequence(input);
  wrapper.outerWrapper = true;
  return wrapper;
}

function programText(program: Program, ast: Node, isPlainInput: boolean): string {
  const frame = newFrame();
  const scope = openScope(program, frame, undefined, [ast]);
  const place: Place = { program, it: 'input', isPlainInput, scope, frame, override: undefined };
  const [result] = emitSequence([ast], place);
  const bindings = [...program.bindings].map(([name, js]) => `const ${js} = ${readBinding(program, name)};`);
  return indent(
    [
      '"use strict";',
      `const { ${[...program.runtime].sort().join(', ')} } = runtime;`,
      'const Object_prototype = Object.prototype, Object_define = Object.defineProperty;',
      'const Object_hasOwn = Object.prototype.hasOwnProperty;',
      ...program.declarations,
      'return function evaluate(input, root, bindings) {',
      ...[...program.inputFields].map(([name, read]) => `const ${name} = ${read};`),
      ...bindings,
      ...[...program.bindingFields].map(([name, read]) => `const ${name} = ${read};`),
      ...frameHead(frame),
      `return ${result?.js ?? 'undefined'};`,
      '};',
    ].join('\n'),
  );
}

function readBinding(program: Program, name: string): string {
  const field = /^[A-Za-z_]\w*$/.test(name) ? `bindings.${name}` : `bindings[${text(name)}]`;
  // Names every object has are not the caller's unless they are its own.
  const value = name in Object.prototype ? `${use(program, 'binding')}(bindings, ${text(name)})` : field;
  return program.filtered.has(name) ? value : `${use(program, 'collapse')}(${value})`;
}

function load(program: Program, code: string): Evaluate {
  // Unnoticed, a name the runtime does not have would fail at every input, and each would be handed over.
  for (const name of program.runtime) if (!(name in runtime)) throw new TypeError(`The runtime has no ${name}.`);
  // The text holds nothing of the expression but string literals and names made here.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is a compiler
  const make = new Function('runtime', 'library', 'values', code) as (
    runtime: unknown,
    library: unknown,
    values: unknown,
  ) => Evaluate;
  return make(runtime, library, program.values);
}

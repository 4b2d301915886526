import jsonata from 'jsonata';
import type { Issue, Position } from '../diagnostics/issue.ts';
import { compileExpression } from './compile/compile-expression.ts';
import { HandOver } from './compile/hand-over.ts';

/** JSONata text, parsed once, ready for any number of inputs one after the other. */
export type Mapping = {
  /** Evaluates over one input. A failure is an {@link Issue} at the place in the text, thrown as {@link MappingFailure}. */
  evaluate(input: unknown, bindings: Bindings): Promise<unknown>;
};

/** Names without their `$`. */
export type Bindings = { readonly [name: string]: unknown };

/** One input could not be mapped; the next one may well be. */
export class MappingFailure extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.name = 'MappingFailure';
    this.issue = issue;
  }
}

/** A mapping that runs longer than this (milliseconds), or calls deeper, on one record is in a loop. */
export const limits = { timeout: 10_000, stack: 500 };

/**
 * Parses a mapping; `file` is how positions name it. Text that is no JSONata throws a {@link MappingFailure}.
 *
 * It is compiled to JavaScript where that can be done without changing a result; the interpreter serves for what is not
 * compiled, and for single inputs that compiled code hands over.
 */
export function loadMapping(text: string, file: string): Mapping {
  const compiled = parse(text, file);
  let interpreter: jsonata.Expression | undefined;
  const interpret = async (input: unknown, bindings: Bindings): Promise<unknown> => {
    interpreter ??= jsonata(text, limits);
    // Without a bindings object, overlapping evaluations of one expression share their variables.
    return interpreter.evaluate(input, { ...bindings });
  };
  return {
    async evaluate(input, bindings) {
      try {
        if (compiled.kind === 'not-compiled') return await interpret(input, bindings);
        try {
          return compiled.evaluate(input, bindings);
        } catch (cause) {
          if (cause instanceof HandOver) return await interpret(input, bindings);
          throw cause;
        }
      } catch (cause) {
        throw mappingFailure('mapping/failed', cause, text, file);
      }
    },
  };
}

/** Throws a {@link MappingFailure} for text that is no JSONata. */
export function checkSyntax(text: string, file: string): void {
  try {
    jsonata(text);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

function parse(text: string, file: string): ReturnType<typeof compileExpression> {
  try {
    return compileExpression(text, limits);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

/** JSONata throws plain objects that are no `Error`: { code, position, token, value, message }. */
export function mappingFailure(
  code: 'mapping/failed' | 'mapping/syntax',
  cause: unknown,
  text: string,
  file: string,
): MappingFailure {
  const {
    message,
    code: jsonataCode,
    position,
  } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
    message?: unknown;
    code?: unknown;
    position?: unknown;
  };
  const what = typeof message === 'string' ? message : String(cause);
  return new MappingFailure({
    code,
    severity: 'error',
    message: `${code === 'mapping/syntax' ? 'The mapping is no JSONata' : 'The mapping failed'}: ${what}${typeof jsonataCode === 'string' ? ` (${jsonataCode})` : ''}`,
    hint:
      code === 'mapping/syntax'
        ? 'https://docs.jsonata.org explains the language.'
        : 'Guard the expression against values like this one.',
    at: positionOf(text, typeof position === 'number' ? position : 0, file),
  });
}

/** JSONata counts characters from the start of the text and points behind the token. */
function positionOf(text: string, offset: number, file: string): Position {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length) - 1));
  const lines = before.split('\n');
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

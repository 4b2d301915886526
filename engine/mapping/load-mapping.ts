import jsonata from 'jsonata';
import type { Position } from '../diagnostics/issue.ts';
import { type CompiledExpression, compileExpression } from './compile/compile-expression.ts';
import { HandOver } from './compile/hand-over.ts';
import { readable } from './compile/readable.ts';
import type { TextFile } from './joined-text.ts';
import { mappingFailure } from './mapping-failure.ts';
import { positionOf } from './position-of.ts';

/** JSONata text, parsed once, ready for any number of inputs one after the other. */
export type Mapping = {
  /**
   * The value for one input: at once where compiled code has it, as a promise where the interpreter is asked. A failure is
   * an `Issue` at the place in the text, thrown as {@link mappingFailure}.
   */
  evaluate(input: unknown, bindings: Bindings): unknown;
  /** How values are worked out. */
  readonly engine: MappingEngine;
};

/** A mapping is compiled to a JavaScript program, or left to the interpreter for a reason, which may have a place. */
export type MappingEngine =
  | { readonly kind: 'compiled'; readonly code: string }
  | { readonly kind: 'interpreted'; readonly reason: string; readonly at?: Position };

/** Names without their `$`. */
export type Bindings = { readonly [name: string]: unknown };

/** A mapping that runs longer than this (milliseconds), or calls deeper, on one record is in a loop. */
export const limits = { timeout: 10_000, stack: 500 };

/**
 * Parses a mapping; `file` is how positions name it. Text that is no JSONata throws a {@link mappingFailure}.
 *
 * It is compiled to JavaScript where that can be done without changing a result; the interpreter serves for what is not
 * compiled, and for single inputs that compiled code hands over.
 */
export function loadMapping(text: string, file: TextFile): Mapping {
  const compiled = parse(text, file);
  let interpreter: jsonata.Expression | undefined;
  const interpret = async (input: unknown, bindings: Bindings): Promise<unknown> => {
    try {
      interpreter ??= jsonata(text, limits);
      // Without a bindings object, overlapping evaluations of one expression share their variables.
      return (await interpreter.evaluate(input, { ...bindings })) as unknown; // the package says `any`
    } catch (cause) {
      throw mappingFailure('mapping/failed', cause, text, file);
    }
  };
  return {
    engine: engineOf(compiled, text, file),
    evaluate(input, bindings) {
      if (compiled.kind === 'not-compiled') return interpret(input, bindings);
      try {
        return compiled.evaluate(input, bindings);
      } catch (cause) {
        if (cause instanceof HandOver) return interpret(input, bindings);
        throw mappingFailure('mapping/failed', cause, text, file);
      }
    },
  };
}

function engineOf(compiled: CompiledExpression, text: string, file: TextFile): MappingEngine {
  if (compiled.kind === 'compiled') {
    return {
      kind: 'compiled',
      get code() {
        return readable(compiled.code, text, file); // few ask
      },
    };
  }
  const { reason, position } = compiled;
  return { kind: 'interpreted', reason, ...(position !== undefined && { at: positionOf(text, position, file) }) };
}

function parse(text: string, file: TextFile): CompiledExpression {
  try {
    return compileExpression(text, limits);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

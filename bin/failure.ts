import { Errors } from '@oclif/core';
import { CannotRunError, didYouMean, EngineError, type Issue, type Position } from '../engine/index.ts';

/** An error that ended a command, as `--json` prints it under `error`, and the exit code it asks for. */
export type Failure = {
  readonly exitCode: 1 | 2;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: Position;
  readonly issues?: readonly Issue[];
  /** Where in our own code; only for what nobody foresaw. */
  readonly trace?: string;
};

/** `command` and its `flags` are for the hint of a usage error. */
export function readFailure(error: Error, command: string, flags: readonly string[]): Failure {
  if (error instanceof EngineError) return engineFailure(error);
  if (error instanceof Errors.CLIError) return usageFailure(error, command, flags);
  return unforeseen(error);
}

function engineFailure(error: EngineError): Failure {
  const { code, message, hint, at, issues } = error;
  return {
    exitCode: error instanceof CannotRunError ? 2 : 1,
    code,
    message,
    ...(hint !== undefined && { hint }),
    ...(at !== undefined && { at }),
    ...(issues.length > 0 && { issues }),
  };
}

function usageFailure(error: Error, command: string, flags: readonly string[]): Failure {
  const meant = 'flags' in error && Array.isArray(error.flags) ? nearestFlag(String(error.flags[0]), flags) : undefined;
  return {
    exitCode: 2,
    code: 'run/usage',
    message: error.message.replace(oclifAdvice, ''),
    hint: meant ?? `"npx sluice ${command} --help" tells what it takes, with examples.`,
  };
}

function nearestFlag(given: string, flags: readonly string[]): string | undefined {
  const meant = didYouMean(given.replace(/^-+/, ''), flags);
  return meant === undefined ? undefined : `Did you mean --${meant}?`;
}

/** Its help pointer, which ours replaces, and a note on greedy flags, which ours are not. */
const oclifAdvice = /(\n\nNote: |\nSee more help with --help).*$/s;

function unforeseen(error: Error): Failure {
  return {
    exitCode: 2,
    code: 'bug',
    message: `Sluice met an error it did not foresee: ${withoutQueries(error.message)}`,
    hint: 'This is a fault in Sluice. Please report it with the lines below.',
    trace: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .join('\n'),
  };
}

/** Foreign messages may quote an address, and a query may hold a token. */
function withoutQueries(message: string): string {
  return message.replaceAll(/(https?:\/\/[^\s?'"]+)\?[^\s'"]*/g, '$1?…');
}

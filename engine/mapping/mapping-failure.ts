import type { Issue } from '../diagnostics/issue.ts';
import type { TextFile } from './joined-text.ts';
import { positionOf } from './position-of.ts';

/** One input could not be mapped; the next one may well be. */
export class MappingFailure extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.name = 'MappingFailure';
    this.issue = issue;
  }
}

/** JSONata throws plain objects that are no `Error`: { code, position, token, value, message }. */
export function mappingFailure(
  code: 'mapping/failed' | 'mapping/syntax',
  cause: unknown,
  text: string,
  file: TextFile,
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

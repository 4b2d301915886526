import { ExpressionError } from '../expression-error.ts';
import { own } from './apply.ts';

/** What a matcher gives: the interpreter's structure, also for functions users write. */
export type Match = { match: string; start: number; end: number; groups: unknown[]; next: () => Match | undefined };

export type Matcher = (text: string, from?: number) => Match | undefined;

/** A regular expression as the function it is in the language. */
export function regex(pattern: RegExp, position: number | undefined): Matcher {
  const engine = new RegExp(pattern);
  const matcher = (text: string, from?: number): Match | undefined => {
    engine.lastIndex = from ?? 0;
    const found = engine.exec(text);
    if (found === null) return undefined;
    const [match, ...groups] = found;
    return {
      match,
      start: found.index,
      end: found.index + match.length,
      groups,
      next: own(() => {
        if (engine.lastIndex >= text.length) return undefined;
        const next = matcher(text, engine.lastIndex);
        if (next?.match === '') {
          throw new ExpressionError('D1004', { position, token: undefined }, { value: pattern.source });
        }
        return next;
      }),
    };
  };
  return own(matcher);
}

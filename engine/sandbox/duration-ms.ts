import { parseDuration } from '../descriptor/duration.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';

/** `90s`, `15m`, `24h`, `7d` in milliseconds. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new CannotRunError('sandbox/wrong-value', `"${text}" is no length of time.`, {
    hint: 'Write 90s, 15m, 24h or 7d.',
  });
}

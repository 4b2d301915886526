import { maskSecrets } from '../diagnostics/mask-secrets.ts';

const LONGEST_QUOTE = 300;
const QUERY_OF_A_URL = /(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*/g;

/** What the source said, fit to stand in a message: one line, shortened, no secrets, no query strings. */
export function quoteSource(text: string, secrets: readonly string[]): string {
  const line = maskSecrets(text, secrets)
    .replace(QUERY_OF_A_URL, '$1?…')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return `“${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line}”`;
}

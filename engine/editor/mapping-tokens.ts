import type { Span } from './answers.ts';

export type Token = Span & {
  readonly kind: 'name' | 'variable' | 'string' | 'number' | 'regex' | 'comment' | 'sign';
  /** As written. */
  readonly text: string;
};

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['comment', /\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/y],
  ['variable', /\$[\w$]*/y],
  ['name', /`[^`\n]*`?|[\p{L}_][\p{L}\p{N}_]*/uy],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['sign', /:=|\?:|\?\?|~>|!=|<=|>=|\.\.|\*\*|\S/y],
];
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/\w*/y;

/** JSONata text in words, whether or not it parses. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let last: Token | undefined;
  while (at < text.length) {
    const start = at;
    const token = tokenAt(text, start, last);
    if (token === undefined) {
      at++;
      continue;
    }
    tokens.push(token);
    if (token.kind !== 'comment') last = token;
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, start: number, last: Token | undefined): Token | undefined {
  // A slash behind a value divides; elsewhere it opens a pattern.
  const candidates = endsValue(last) ? patterns : [patterns[0], ['regex', regex] as const, ...patterns.slice(1)];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const [kind, pattern] = candidate;
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start, end: start + found.length };
  }
  return undefined;
}

/** Whether a value may end with this word. */
export function endsValue(token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'comment') return false;
  return token.kind === 'sign' ? [')', ']', '}'].includes(token.text) : !['and', 'or', 'in'].includes(token.text);
}

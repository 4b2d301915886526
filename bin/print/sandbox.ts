import type { RunningSandbox } from '../../engine/index.ts';

/** Where the sandbox answers, and the line that leads a run to it. Its secrets are invented; they may be shown. */
export function describeSandbox(integration: string, { origin, connection }: Omit<RunningSandbox, 'close'>): string {
  const sets = Object.entries(connection).map(([property, value]) => `--set ${quote(`${property}=${value}`)}`);
  return [
    `The sandbox of ${integration} answers at ${origin}. Ctrl-C ends it.`,
    'In another terminal:',
    '',
    `  ${['npx sluice run', integration, '--no-rate-limit', ...sets].join(' ')}`,
  ].join('\n');
}

/** For a POSIX shell, where it needs it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

import type { RunningSandbox } from '../../engine/index.ts';

/** Where the sandbox answers, and the line that leads a run to it. Its secrets are invented; they may be shown. */
export function describeSandbox(
  integration: string,
  { origin, connection, changes }: Pick<RunningSandbox, 'origin' | 'connection' | 'changes'>,
): string {
  const sets = Object.entries(connection).map(([property, value]) => `--set ${quote(`${property}=${value}`)}`);
  return [
    `The sandbox of ${integration} answers at ${origin}. Ctrl-C ends it.`,
    'In another terminal:',
    '',
    `  ${['npx sluice run', integration, '--no-rate-limit', ...sets].join(' ')}`,
    ...(changes.length > 0 ? describeChanges(origin, changes) : []),
  ].join('\n');
}

function describeChanges(origin: string, changes: readonly string[]): string[] {
  return [
    '',
    'To change its data before the next run:',
    '',
    ...changes.map((name) => `  curl --data ${quote(name)} ${origin}/.sandbox/changes`),
  ];
}

/** For a POSIX shell, where it needs it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

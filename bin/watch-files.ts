import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';

/** Editors write in several steps; what was touched is read this many milliseconds later. */
const settleMs = 20;

/** A watcher drops events of one file that come within milliseconds of each other; a look at the files themselves misses none. */
const lookMs = 250;

/**
 * Does the work now and after every change of the files or folders, one round at a time, until the signal fires. A change
 * during a round calls for one more, however many files changed. What the work throws ends the watch.
 */
export async function watchFiles(
  paths: readonly string[],
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const bell = createBell();
  const watcher = watch([...paths], { ignoreInitial: true, atomic: settleMs });
  watcher.on('all', () => bell.ring());
  signal.addEventListener('abort', () => bell.ring(), { once: true });
  let known = '';
  const look = setInterval(() => {
    void stateOf(paths).then((state) => {
      if (state !== known) bell.ring();
    });
  }, lookMs);
  try {
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    while (!signal.aborted) {
      known = await stateOf(paths);
      await work();
      await bell.rung();
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      bell.hush();
    }
  } finally {
    clearInterval(look);
    await watcher.close();
  }
}

/** Names, sizes and times of change of all files. One that is gone while it is looked at counts as such. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const states = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) return `${path} gone`;
      if (!found.isDirectory()) return `${path} ${found.size} ${found.mtimeMs}`;
      const inside = await readdir(path).catch(() => []);
      return stateOf(inside.map((name) => join(path, name)));
    }),
  );
  return states.join('\n');
}

/** Remembers that it rang until it is hushed. */
function createBell() {
  let isRinging = false;
  let answer: (() => void) | undefined;
  return {
    ring() {
      isRinging = true;
      answer?.();
    },
    async rung(): Promise<void> {
      if (isRinging) return;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
    },
    hush() {
      isRinging = false;
      answer = undefined;
    },
  };
}

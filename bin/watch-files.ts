import { watch } from 'chokidar';

/** Editors write in several steps; what was touched is read this many milliseconds later. */
const settleMs = 20;

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
  try {
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    while (!signal.aborted) {
      await work();
      await bell.rung();
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      bell.hush();
    }
  } finally {
    await watcher.close();
  }
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

import { setMaxListeners } from 'node:events';

/**
 * A signal that fires on Ctrl-C (or SIGTERM), or when the reader of standard output has gone away, so that the work
 * ends in order. A second Ctrl-C ends the process at once.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every stream and every wait listens
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
    });
  }
  process.stdout.on('error', () => controller.abort());
  return controller.signal;
}

import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRunError, StreamError } from '../diagnostics/engine-error.ts';
import { writeDurably } from '../durable-file.ts';
import { openEntityFile, readEntityFile } from './entity-file.ts';
import { holdsKeys, openKeyFile, readKeyFile } from './key-file.ts';
import { type Lock, takeLock } from './lock.ts';
import type { StateStore } from './state-store.ts';
import type { StreamState } from './stream-state.ts';

export type FileStore = StateStore & { readonly tookOver?: string };

/** State in a folder, one readable file a stream. Throws `state/locked`, or `state/write-failed` where there is no folder to be had. */
export async function openFileStore(folder: string, now: Date): Promise<FileStore> {
  let lock: Lock;
  try {
    await mkdir(folder, { recursive: true });
    lock = await takeLock(join(folder, 'lock'), now);
  } catch (cause) {
    if (cause instanceof CannotRunError) throw cause;
    throw new CannotRunError('state/write-failed', `The state folder ${folder} cannot be used: ${why(cause)}.`, {
      hint: 'Give another folder with --state.',
      cause,
    });
  }
  return {
    ...readFileStore(folder),
    ...(lock.tookOver === undefined ? {} : { tookOver: lock.tookOver }),
    write: (state) =>
      writing(folder, () => writeDurably(statePath(folder, state.stream), `${JSON.stringify(state, null, 2)}\n`)),
    remove: (stream) =>
      writing(folder, async () => {
        await rm(statePath(folder, stream), { force: true });
        await dropFiles(folder, stream, []);
      }),
    openKeys({ file, count }) {
      const keys = openKeyFile(join(folder, file), count);
      return { ...keys, flush: () => writing(folder, () => keys.flush()) };
    },
    openEntities(file) {
      const entities = openEntityFile(join(folder, file));
      return {
        ...entities,
        append: (entity) => writing(folder, () => entities.append(entity)),
        flush: () => writing(folder, () => entities.flush()),
      };
    },
    keepFiles: (stream, files) => writing(folder, () => dropFiles(folder, stream, files)),
    close: () => lock.release(),
  };
}

/** Only to look: without the lock. */
export function readFileStore(
  folder: string,
): Pick<StateStore, 'read' | 'streams' | 'hasKeys' | 'readKeys' | 'hasEntities' | 'readEntities'> {
  return {
    async read(stream) {
      const path = statePath(folder, stream);
      const text = await readFile(path, 'utf8').catch(absent);
      return text === undefined ? undefined : readState(text, path);
    },
    async streams() {
      const names = (await readdir(folder).catch(absent)) ?? [];
      return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    },
    hasKeys: ({ file, count }) => holdsKeys(join(folder, file), count),
    hasEntities: async ({ file, bytes }) => (await stat(join(folder, file)).catch(() => ({ size: -1 }))).size >= bytes,
    readEntities: ({ file, bytes }) => readEntityFile(join(folder, file), bytes),
    readKeys: ({ file, count }) => readKeyFile(join(folder, file), count),
  };
}

function readState(text: string, path: string): StreamState {
  try {
    const state: unknown = JSON.parse(text);
    const version = typeof state === 'object' && state !== null && 'formatVersion' in state ? state.formatVersion : 0;
    // What says to be of format 1 was written by this program.
    if (version === 1) return state as StreamState;
    throw new Error(`it is of format ${JSON.stringify(version)}, and this Sluice knows format 1`);
  } catch (cause) {
    throw new CannotRunError('state/unreadable', `${path} cannot be read: ${why(cause)}.`, {
      hint: 'Use the Sluice that wrote it, or run `sluice state INTEGRATION reset`, after which the stream is read anew.',
      cause,
    });
  }
}

function statePath(folder: string, stream: string): string {
  return join(folder, `${stream}.json`);
}

/** They are named `<stream>.<anything>.keys` and `<stream>.<anything>.entities`. */
async function dropFiles(folder: string, stream: string, but: readonly (string | undefined)[]): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(`${stream}.`) && /\.(keys|entities)$/.test(name) && !but.includes(name),
  );
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

function absent(cause: unknown): undefined {
  // Errors of the file system are NodeJS.ErrnoExceptions.
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw cause;
}

async function writing<Result>(folder: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    throw new StreamError('state/write-failed', `The state in ${folder} cannot be written: ${why(cause)}.`, {
      hint: 'Check that the folder is yours to write and that the disk has room; the next run goes on from the last state.',
      cause,
    });
  }
}

function why(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

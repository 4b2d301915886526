import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StreamError } from '../../diagnostics/engine-error.ts';

/** A file of JSON lines that a reader sees only when it is whole: written beside, renamed at the end. */
export type LineFile = {
  write(values: readonly unknown[]): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
};

export async function openLineFile(path: string): Promise<LineFile> {
  const partial = `${path}.part`;
  const handle = await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(partial, 'w');
  });
  return {
    write: (values) =>
      writing(path, async () => {
        if (values.length > 0) await handle.appendFile(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      }),
    flush: () => writing(path, () => handle.sync()),
    close: () =>
      writing(path, async () => {
        await handle.sync();
        await handle.close();
        await rename(partial, path);
      }),
  };
}

async function writing<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamError('sink/write-failed', `${path} cannot be written: ${why}.`, {
      hint: 'Check that the folder exists or can be made, that it is yours to write, and that the disk has room.',
      cause,
    });
  }
}

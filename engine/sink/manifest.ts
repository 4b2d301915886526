import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import { writing } from './writing.ts';

/** `manifest.json` of an output folder: which run wrote which bytes of each file. */
export type Manifest = {
  readonly formatVersion: 1;
  readonly files: { readonly [file: string]: readonly WrittenByRun[] };
};

export type WrittenByRun = {
  readonly runId: string;
  /** ISO 8601, UTC: when the reading began. */
  readonly startedAt: string;
  /** Bytes of the file: from the first to behind the last. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Order-independent hash of the records' `metadata.uid`. */
  readonly ids: string;
};

/** An absent manifest, and one that is none of ours, has no files. */
export async function readManifest(dir: string): Promise<Manifest> {
  try {
    const found: unknown = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
    // What says to be of format 1 was written by this program.
    if (typeof found === 'object' && found !== null && 'formatVersion' in found && found.formatVersion === 1)
      return found as Manifest;
  } catch {
    // Telling an unreadable one from none would help nobody: the files themselves hold the records.
  }
  return { formatVersion: 1, files: {} };
}

/** Takes notes one after the other, as several streams of a run may end at the same time. */
export type ManifestNotes = { note(dir: string, file: string, written: WrittenByRun): Promise<void> };

export function createManifestNotes(): ManifestNotes {
  let last: Promise<void> = Promise.resolve();
  return {
    note(dir, file, written) {
      const work = last.then(() => writing(join(dir, 'manifest.json'), () => noteInManifest(dir, file, written)));
      last = work.catch(() => undefined);
      return work;
    },
  };
}

/** Notes what a run has written; what it wrote over is no longer told. To note the same twice changes nothing. */
async function noteInManifest(dir: string, file: string, written: WrittenByRun): Promise<void> {
  const { files } = await readManifest(dir);
  const before = (files[file] ?? []).filter(({ runId, to }) => to <= written.from && runId !== written.runId);
  const runs = written.to > written.from || written.from === 0 ? [...before, written] : before;
  await writeDurably(
    join(dir, 'manifest.json'),
    `${JSON.stringify({ formatVersion: 1, files: { ...files, [file]: runs } }, null, 2)}\n`,
  );
}

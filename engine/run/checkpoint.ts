import { resolve } from 'node:path';
import type { FetchedPage } from '../fetch/reading.ts';
import { fileSize } from '../sink/ndjson/line-file.ts';
import type { OpenReading, SavedKeys, StreamState } from '../state/stream-state.ts';
import type { Delivery } from './deliver-rows.ts';
import type { KeptState } from './kept-state.ts';
import { concludePublishing } from './publish-reading.ts';
import type { ReadingPlan } from './reading-plan.ts';
import { booksToSave, type Ended } from './stream-books.ts';
import { outputPaths, recordsFile } from './stream-output.ts';
import type { StreamRun } from './stream-run.ts';

/** Keeps the place of a reading, so that the next run goes on there: behind the last page that is durable. */
export type Checkpoint = {
  /** All rows of the page are written. */
  delivered(page: FetchedPage): Promise<void>;
  /** Publishes what was written, and says where the next run begins. */
  end(ended: Ended): Promise<void>;
};

/** For a run that keeps no state, and a stream that is none to keep: what was written is published, and that is all. */
export function withoutState({ stream, sink, ids, books }: Delivery, run: StreamRun): Checkpoint {
  return {
    delivered: () => Promise.resolve(),
    async end() {
      await sink.close();
      if (sink.size === undefined) return;
      await run.manifest.note(run.dir, recordsFile(stream.name), {
        runId: run.facts.runId,
        startedAt: run.facts.startedAt.toISOString(),
        from: 0,
        to: sink.size(),
        records: books.accepted,
        ids: ids.value(),
      });
    },
  };
}

export function createCheckpoint(delivery: Delivery, plan: ReadingPlan, run: StreamRun, kept: KeptState): Checkpoint {
  const { stream, sink, rejected, keys, ids, books, entities } = delivery;
  const { saved, resumed } = plan;
  const { store } = kept;
  const hasCursor = stream.cursor !== undefined;
  // Rows that were counted for another stream before a crash would be missing from its counts; a comparison with the
  // last snapshot begins anew likewise.
  const mayGoOn = sink.size !== undefined && entities === undefined && !run.derived.feeds(stream.name);
  const before: Pick<StreamState, 'lastComplete'> =
    saved?.lastComplete === undefined ? {} : { lastComplete: saved.lastComplete };
  let { publication } = plan;
  let position = plan.from;
  let cursor = resumed?.cursor ?? plan.since;
  let savedAt = run.facts.now().getTime();

  /** A file that nobody can cut back is taken as delivered once written. */
  async function savePlace(): Promise<void> {
    await sink.flush();
    await rejected.flush();
    const saving = await keys.save();
    if (mayGoOn) await store.write({ ...resting(saved?.cursor), reading: reading(saving) });
    else if (hasCursor && sink.size === undefined) await store.write(place(saving));
  }

  const resting = (from: StreamState['cursor']): StreamState => ({
    formatVersion: 1,
    stream: stream.name,
    ...(from === undefined ? {} : { cursor: from }),
    ...(saved?.position === undefined ? {} : { position: saved.position }),
    ...(saved?.keys === undefined ? {} : { keys: saved.keys }),
    ...(saved?.entities === undefined ? {} : { entities: saved.entities }),
    ...(saved?.rejected === undefined ? {} : { rejected: saved.rejected }),
    ...before,
  });

  const place = (saving: SavedKeys | undefined): StreamState => ({
    formatVersion: 1,
    stream: stream.name,
    ...(cursor === undefined ? {} : { cursor }),
    ...(position === undefined ? {} : { position }),
    ...(saving === undefined ? {} : { keys: saving }),
    ...before,
  });

  const reading = (saving: SavedKeys | undefined): OpenReading => ({
    runId: resumed?.runId ?? run.facts.runId,
    startedAt: resumed?.startedAt ?? run.facts.startedAt.toISOString(),
    publication,
    position: position ?? {},
    ...(cursor === undefined ? {} : { cursor }),
    ...(saving === undefined ? {} : { keys: saving }),
    books: booksToSave(books),
    output: {
      folder: resolve(run.dir),
      records: sink.size?.() ?? 0,
      rejected: rejected.size(),
      ids: ids.value(),
    },
  });

  /** What stays: a whole reading moves the cursor; one cut short keeps its place, if what is new is to be added later. */
  function after(ended: Ended, saving: SavedKeys | undefined): NonNullable<OpenReading['publishing']>['then'] {
    const complete = ended.ending === 'complete';
    const { runId, now } = run.facts;
    const lastComplete = { runId, endedAt: now().toISOString(), received: books.received };
    const told = complete ? { lastComplete } : before;
    if (!hasCursor) return told;
    const remembered = saving ?? resumed?.keys ?? saved?.keys;
    return {
      ...told,
      ...(cursor === undefined ? {} : { cursor }),
      ...(complete || position === undefined ? {} : { position }),
      ...(remembered === undefined ? {} : { keys: remembered }),
    };
  }

  return {
    async delivered(page) {
      position = page.next;
      cursor = page.cursor ?? cursor;
      if (page.anew === true && stream.cursor?.kind === 'delta-link') publication = 'replace';
      const now = run.facts.now().getTime();
      // The last page is saved with the end, of which an error behind it is a part.
      if (position === undefined || now - savedAt < kept.saveEveryMs) return;
      savedAt = now;
      await savePlace();
    },
    async end(ended) {
      await sink.flush();
      await rejected.flush();
      const saving = await keys.save();
      await keys.close();
      const compared = await entities?.save(ended.ending === 'complete');
      await entities?.close();
      const then = { ...after(ended, saving), ...(compared === undefined ? {} : { entities: compared }) };
      if (sink.size === undefined) {
        await sink.close();
        await store.write({ formatVersion: 1, stream: stream.name, ...then });
        await store.keepFiles(stream.name, [then.keys?.file, then.entities?.file]);
        return;
      }
      const { records } = outputPaths(run.dir, stream.name);
      // A first reading that gets nothing says nothing of what lies there from before.
      if (hasCursor && ended.ending !== 'complete' && sink.size() === 0) publication = 'append';
      const base = publication === 'append' ? ((await fileSize(records)) ?? 0) : 0;
      const state = { ...resting(saved?.cursor), reading: { ...reading(saving), publishing: { base, then } } };
      await store.write(state);
      await sink.close(publication);
      await concludePublishing(state, run, kept);
    },
  };
}

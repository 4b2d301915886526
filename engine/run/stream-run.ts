import type { ManifestNotes } from '../sink/manifest.ts';
import type { Sink } from '../sink/sink.ts';
import type { DerivedSources } from './derived-sources.ts';
import type { Integration } from './integrations.ts';
import type { KeptState } from './kept-state.ts';
import type { RowMapper, RunFacts } from './map-row.ts';
import type { ReadingEffects, Source } from './open-source.ts';
import type { RunEvent } from './run-request.ts';
import type { Workers } from './workers.ts';

/** What the streams of one run share. */
export type StreamRun = {
  readonly integration: Integration;
  readonly schemasDir: string;
  readonly source: Source;
  readonly facts: RunFacts;
  readonly derived: DerivedSources;
  readonly mappers: ReadonlyMap<string, RowMapper>;
  readonly workers: Workers;
  /** The output folder. */
  readonly dir: string;
  /** `keep`: bytes that a reading which goes on had written. */
  openSink(stream: string, keep?: number): Promise<Sink>;
  readonly manifest: ManifestNotes;
  /** Streams whose output is out; filled as they end. */
  readonly published: Set<string>;
  /** Absent: nothing is kept, and nothing gone on with. */
  readonly state?: KeptState | undefined;
  /** Of snapshots only what is new, changed or gone. */
  readonly changesOnly: boolean;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly emit: (event: RunEvent) => void;
};

/** What one stream's requests are counted by, interrupted by, and told to. */
export type Effects = Pick<ReadingEffects, 'tally' | 'signal' | 'onWait'>;

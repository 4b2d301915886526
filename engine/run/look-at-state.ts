import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { JsonObject } from '../records.ts';
import { openFileStore, readFileStore } from '../state/file-store.ts';
import type { StreamState } from '../state/stream-state.ts';
import { loadIntegration, streamNamed } from './integrations.ts';
import type { Places } from './run-request.ts';

export type StateRequest = {
  readonly places: Places;
  readonly integration: string;
  readonly dir: string;
  /** Only these; default: all of which there is state. */
  readonly streams?: readonly string[];
  /** The id of one connection; needed for changes where there is state of several. */
  readonly connection?: string;
  readonly now: Date;
};

/** Where one stream of one connection goes on. */
export type StreamStanding = {
  readonly connection: string;
  readonly stream: string;
  /** `whole`: read anew by every run. `unknown`: the descriptor no longer has the stream. */
  readonly kind: NonNullable<Stream['cursor']>['kind'] | 'whole' | 'unknown';
  readonly cursor?: JsonObject;
  /** A reading is half done: by a run that was stopped, or by one that died. */
  readonly cut?: { readonly pages?: number; readonly received?: number; readonly since?: string };
  readonly lastComplete?: { readonly runId: string; readonly endedAt: string; readonly received: number };
};

/** The state there is, by connection and stream. Throws `descriptor/not-found`, `run/unknown-stream`, `state/unreadable`. */
export async function showState(request: StateRequest): Promise<StreamStanding[]> {
  const { descriptor } = await loadIntegration(request.places, request.integration);
  const standings: StreamStanding[] = [];
  for (const folder of await connectionFolders(request, descriptor.name)) {
    const store = readFileStore(folder);
    for (const stream of chosen(request, await store.streams(), descriptor)) {
      const state = await store.read(stream);
      const known = descriptor.streams.find(({ name }) => name === stream);
      if (state !== undefined) standings.push(standing(basename(folder), state, known));
    }
  }
  return standings;
}

/**
 * Forgets the state of streams, also where it cannot be read, or moves their cursors back to a time. Rows from then on
 * are read and delivered again. Gives the streams that were changed.
 */
export async function changeState(
  request: StateRequest,
  change: { readonly kind: 'reset' } | { readonly kind: 'rewind'; readonly to: Date },
): Promise<string[]> {
  const { descriptor } = await loadIntegration(request.places, request.integration);
  const [folder, another] = await connectionFolders(request, descriptor.name);
  if (folder === undefined) return [];
  if (another !== undefined) {
    throw new CannotRunError('state/ambiguous', `There is state of several connections to ${descriptor.title}.`, {
      hint: `\`sluice state ${descriptor.name}\` shows them; choose one with --connection-id.`,
    });
  }
  const store = await openFileStore(folder, request.now);
  try {
    const streams = chosen(request, await store.streams(), descriptor);
    for (const name of change.kind === 'reset' ? streams : []) await store.remove(name);
    if (change.kind === 'reset') return streams;
    const changed: string[] = [];
    for (const name of streams) {
      const state = await store.read(name);
      const known = descriptor.streams.find((stream) => stream.name === name);
      const rewound = state && rewind(state, known, change.to, request.streams !== undefined);
      if (rewound === undefined) continue;
      await store.write(rewound);
      await store.keepFiles(name, []);
      changed.push(name);
    }
    return changed;
  } finally {
    await store.close();
  }
}

/** Only a time can be gone back to; of a stream that was asked for by name it is said where that is not so. */
function rewind(state: StreamState, stream: Stream | undefined, to: Date, named: boolean): StreamState | undefined {
  const kind = stream?.cursor?.kind;
  if (kind === 'time' || kind === 'next-link') {
    const { lastComplete } = state;
    const kept = lastComplete === undefined ? {} : { lastComplete };
    return { formatVersion: 1, stream: state.stream, cursor: { until: to.toISOString() }, ...kept };
  }
  if (!named) return undefined;
  throw new CannotRunError(
    'state/no-time',
    `The place of "${state.stream}" is no time, so it cannot be moved to one.`,
    {
      hint: `\`sluice state … reset --stream ${state.stream}\` lets it start anew.`,
    },
  );
}

function standing(connection: string, state: StreamState, stream: Stream | undefined): StreamStanding {
  const { cursor, position, reading, lastComplete } = state;
  const books = reading?.books;
  const cut = reading === undefined ? undefined : { since: reading.startedAt, ...counts(books ?? {}) };
  return {
    connection,
    stream: state.stream,
    kind: stream === undefined ? 'unknown' : (stream.cursor?.kind ?? 'whole'),
    ...(cursor === undefined ? {} : { cursor }),
    ...(cut === undefined ? (position === undefined ? {} : { cut: {} }) : { cut }),
    ...(lastComplete === undefined ? {} : { lastComplete }),
  };
}

function counts({ pages, received }: JsonObject): { pages?: number; received?: number } {
  return {
    ...(typeof pages === 'number' ? { pages } : {}),
    ...(typeof received === 'number' ? { received } : {}),
  };
}

function chosen({ streams }: StateRequest, found: readonly string[], descriptor: Descriptor): string[] {
  if (streams === undefined) return [...found].sort();
  return streams.map((name) => (found.includes(name) ? name : streamNamed(descriptor, name).name));
}

async function connectionFolders({ dir, connection }: StateRequest, integration: string): Promise<string[]> {
  const entries = await readdir(join(dir, integration), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && (connection === undefined || entry.name === connection))
    .map(({ name }) => join(dir, integration, name))
    .sort();
}

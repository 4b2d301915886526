import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { fillTemplate } from '../descriptor/placeholders.ts';
import type { Connection } from '../descriptor/resolve-connection.ts';
import { type FileStore, openFileStore } from '../state/file-store.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StreamState } from '../state/stream-state.ts';
import type { RunRequest } from './run-request.ts';

/** The state that a run goes on from and leaves behind. */
export type KeptState = {
  readonly store: StateStore;
  /** As it stood when the run began, by stream; nothing where the run is to begin anew. */
  readonly saved: ReadonlyMap<string, StreamState>;
  /** Least time between two savings of one stream. */
  readonly saveEveryMs: number;
};

const usualSaveEveryMs = 250;

/**
 * Opens the state of a connection, and reads that of the streams before anything else happens. Throws `state/locked`,
 * `state/unreadable`, `state/write-failed`.
 */
export async function openState(
  settings: NonNullable<RunRequest['state']>,
  descriptor: Descriptor,
  connection: Connection,
  streams: readonly Stream[],
  now: Date,
): Promise<KeptState & { readonly store: FileStore }> {
  const store = await openFileStore(stateFolder(settings, descriptor, connection), now);
  try {
    const saved = new Map<string, StreamState>();
    for (const { name } of settings.full === true ? [] : streams) {
      const state = await store.read(name);
      if (state !== undefined) saved.set(name, state);
    }
    return { store, saved, saveEveryMs: settings.saveEveryMs ?? usualSaveEveryMs };
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

/** `.sluice/<integration>/<connection id>` */
function stateFolder(
  { dir, connection: named }: Pick<NonNullable<RunRequest['state']>, 'dir' | 'connection'>,
  descriptor: Descriptor,
  connection: Connection,
): string {
  return join(dir, descriptor.name, named ?? connectionId(descriptor, connection));
}

/** Which tenant, at which address, asked for how: what was read from one connection says nothing of another. */
function connectionId({ tenantUid, baseUrl }: Descriptor, { shown, values }: Connection): string {
  const filled = [tenantUid ?? '', baseUrl].map((template) => fillTemplate(template, values) ?? template);
  const sorted = Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([filled, sorted])).slice(0, 12);
}

import type { Stream } from '../descriptor/descriptor.ts';
import type { Access } from './vendor-catalogue.ts';

/** How a token stands to a stream. */
export type Standing = {
  /** Granted, and opens the stream. */
  readonly openedBy: readonly string[];
  /** Needed, and neither granted nor made up for by something larger. */
  readonly missing: readonly string[];
};

/**
 * What of the granted permissions opens a stream to an app-only token, and what it lacks. Without a catalogue's word
 * (`access`) the descriptor's alone counts.
 */
export function standingOf(stream: Stream, access: Access | undefined, granted: readonly string[]): Standing {
  const { grant, permissions } = stream;
  // Whatever an application is granted is of no use where only users may ask.
  if (grant === 'delegated') return { openedBy: [], missing: [] };
  const opening = access?.application?.any ?? [];
  const larger = opening.filter((name) => granted.includes(name));
  const openedBy = granted.filter((name) => larger.includes(name) || permissions.includes(name));
  const madeUpFor = (name: string) => opening.includes(name) && larger.length > 0;
  return { openedBy, missing: permissions.filter((name) => !granted.includes(name) && !madeUpFor(name)) };
}

/** Granted, and asked for by no stream that an app-only token may read. */
export function beyondNeed(streams: readonly Stream[], granted: readonly string[]): string[] {
  const needed = new Set(streams.flatMap(({ grant, permissions }) => (grant === 'delegated' ? [] : permissions)));
  return granted.filter((name) => !needed.has(name));
}

import { createHmac } from 'node:crypto';
import type { Place } from './walk.ts';

/** Where a page begins. */
export type PageToken = {
  /** Records that were sent before. */
  readonly offset: number;
  readonly size: number;
  /** The empty page before it has been sent. */
  readonly paused: boolean;
  /** The last record that was sent before; absent: the beginning, or wherever the offset says. */
  readonly after?: Place;
};

/** Opaque to the client, bound to its route, and the same for the same place unless it has to expire. */
export function writePageToken(token: PageToken, route: string, key: Buffer, issuedMs = 0): string {
  const { offset, size, paused, after } = token;
  const place = JSON.stringify([offset, size, paused ? 1 : 0, after?.key ?? null, after?.index ?? null, issuedMs]);
  return Buffer.from(`${place}.${seal(place, route, key)}`).toString('base64url');
}

export function readPageToken(
  text: string,
  route: string,
  key: Buffer,
): (PageToken & { issuedMs: number }) | undefined {
  const decoded = Buffer.from(text, 'base64url').toString();
  const [, place = '', sealed] = /^(\[[^\]]*\])\.(.*)$/.exec(decoded) ?? [];
  if (sealed !== seal(place, route, key)) return undefined;
  // Ours: the seal has just proved it.
  const [offset, size, paused, afterKey, index, issuedMs] = JSON.parse(place) as [
    ...[number, number, number, number | null, number | null, number],
  ];
  const begun = index === null ? {} : { after: { key: afterKey ?? 0, index } };
  return { offset, size, paused: paused === 1, issuedMs, ...begun };
}

function seal(place: string, route: string, key: Buffer): string {
  return createHmac('sha256', key).update(`${route} ${place}`).digest('base64url');
}

import { createHmac } from 'node:crypto';

/** Where a page begins. `paused`: the empty page before it has been sent. */
export type PageToken = { readonly offset: number; readonly size: number; readonly paused: boolean };

/** Opaque to the client, bound to its route, and the same for the same place. */
export function writePageToken({ offset, size, paused }: PageToken, route: string, key: Buffer): string {
  const place = `${offset}.${size}.${paused ? 1 : 0}`;
  return Buffer.from(`${place}.${seal(place, route, key)}`).toString('base64url');
}

export function readPageToken(text: string, route: string, key: Buffer): PageToken | undefined {
  const [offset = '', size = '', paused = '', sealed] = Buffer.from(text, 'base64url').toString().split('.');
  if (sealed !== seal(`${offset}.${size}.${paused}`, route, key)) return undefined;
  return { offset: Number(offset), size: Number(size), paused: paused === '1' };
}

function seal(place: string, route: string, key: Buffer): string {
  return createHmac('sha256', key).update(`${route} ${place}`).digest('base64url');
}

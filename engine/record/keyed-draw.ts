import { createHmac } from 'node:crypto';

/** A whole number from 0 up to, not including, `below`. */
export type Draw = (below: number) => number;

/** Draws that depend on the key and the seed alone: the same for the same two, and not to be told from chance without the key. */
export function keyedDraw(key: Buffer, ...seed: readonly (string | number)[]): Draw {
  let bytes = Buffer.alloc(0);
  let at = 0;
  let block = 0;
  return (below) => {
    if (at + 4 > bytes.length) {
      bytes = createHmac('sha256', key)
        .update(JSON.stringify([...seed, block++]))
        .digest();
      at = 0;
    }
    const drawn = bytes.readUInt32BE(at);
    at += 4;
    return drawn % below;
  };
}

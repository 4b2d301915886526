import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';

/**
 * A body without its `content-encoding`. Gzip is what is asked for; the others are what servers send unasked. Unpacked at
 * once: piece by piece, as a stream of 16 kB pieces does it, takes five times as long.
 *
 * Throws what zlib throws; `ERR_BUFFER_TOO_LARGE` for what unpacks to more than `maxBytes`.
 */
export async function unpackBody(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const unpack = unpackers[encoding?.trim().toLowerCase() ?? ''];
  if (unpack === undefined || body.length === 0) return body;
  const chunkSize = Math.min(Math.max(8 * body.length, 2 ** 16), 2 ** 20);
  return unpack(body, { chunkSize, maxOutputLength: maxBytes });
}

type Unpack = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const unpackers: { readonly [encoding: string]: Unpack | undefined } = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

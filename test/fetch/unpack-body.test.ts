import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackBody } from '../../engine/fetch/unpack-body.ts';

const body = Buffer.from(JSON.stringify([...Array(20_000).keys()]));

describe('a packed body', () => {
  it.each([
    ['gzip', gzipSync(body)],
    ['GZIP ', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', body],
    [undefined, body],
  ])('is unpacked where its encoding is %s', async (encoding, packed) => {
    expect((await unpackBody(packed, encoding, 1e6)).equals(body)).toBe(true);
  });

  it.each(['gzip', 'deflate', 'br'])('that is empty stays so (%s)', async (encoding) => {
    expect(await unpackBody(Buffer.alloc(0), encoding, 1e6)).toHaveLength(0);
  });

  it('of more than may be is refused, however small it came', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));

    await expect(unpackBody(bomb, 'gzip', 1_000_000)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
    await expect(unpackBody(bomb, 'gzip', 10_000_000)).resolves.toHaveLength(10_000_000);
  });

  it.each([
    ['cut off', gzipSync(body).subarray(0, 1000)],
    ['damaged', Buffer.from(gzipSync(body).map((byte, at) => (at === 500 ? byte ^ 255 : byte)))],
    ['not packed at all', body],
  ])('that is %s is an error', async (_, packed) => {
    await expect(unpackBody(packed, 'gzip', 1e6)).rejects.toMatchObject({
      code: expect.stringMatching(/^Z_/) as unknown,
    });
  });
});

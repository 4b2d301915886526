import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../engine/descriptor/descriptor.ts';
import { decodeAnswer } from '../../engine/fetch/decode-answer.ts';
import { FetchError } from '../../engine/fetch/fetch-error.ts';

const mebibyte = 1024 * 1024;

function decoded(
  body: string | Uint8Array,
  contentType: string,
  steps?: readonly Decoder[],
  maxBytes = mebibyte,
): unknown {
  const answer = {
    status: 200,
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
    receivedAt: new Date(0),
  };
  return decodeAnswer(answer, 'GET https://api.example/rows', steps, maxBytes);
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof FetchError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return undefined;
}

describe('what cannot be decoded', () => {
  it('names the line of NDJSON', () => {
    expect(codeOf(() => decoded('{"a":1}\n{oops\n', '', ['ndjson']))).toMatch(
      /^fetch\/not-json.*line 2 of the answer\.$/,
    );
  });

  it('is CSV with a cell too many', () => {
    expect(codeOf(() => decoded('a,b\n1,2,3\n', 'text/csv'))).toMatch(/^fetch\/not-json.*CSV/);
  });

  it.each(['gzip', 'zip'] as const)('is no %s', (format) => {
    expect(codeOf(() => decoded('plain', '', [format]))).toMatch(new RegExp(`^fetch/not-json.*not ${format}`));
  });

  it('unpacks to more than a page may be', () => {
    const big = 'x'.repeat(2 * mebibyte);

    expect(codeOf(() => decoded(gzipSync(big), '', ['gzip', 'json']))).toMatch(/^fetch\/too-large/);
    expect(codeOf(() => decoded(zipSync({ 'a.json': strToU8(big) }), '', ['zip', 'json']))).toMatch(
      /^fetch\/too-large/,
    );
  });
});

describe('an answer', () => {
  it.each(['application/json', 'application/octet-stream', 'text/plain', ''])('is JSON by %j', (type) => {
    expect(decoded('[{"a":1}]', type)).toEqual([{ a: 1 }]);
  });

  it.each(['application/x-ndjson', 'application/jsonl; charset=utf-8'])('is a row a line by %s', (type) => {
    expect(decoded('{"a":1}\r\n\n{"a":12345678901234567890}\n', type)).toEqual([
      { a: 1 },
      { a: '12345678901234567890' },
    ]);
  });

  it('is a table by text/csv, byte order mark and quotes included', () => {
    expect(decoded('\uFEFFid,name\n1,"Quist, Nora"\n\n2,"Li ""W"" Wei"\n', 'text/csv;charset=utf-8')).toEqual([
      { id: '1', name: 'Quist, Nora' },
      { id: '2', name: 'Li "W" Wei' },
    ]);
  });

  it('is packed as its type says, or as declared', () => {
    expect(decoded(gzipSync('[1]'), 'application/gzip')).toEqual([1]);
    expect(decoded(gzipSync('{"a":1}\n{"a":2}\n'), 'application/octet-stream', ['gzip', 'ndjson'])).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
  });

  it('may be several files of rows in one archive, folders aside', () => {
    const archive = zipSync({
      'out/': new Uint8Array(),
      'out/1.csv': strToU8('a\n1\n'),
      'out/2.csv': strToU8('a\n2\n'),
    });

    expect(decoded(archive, 'application/zip', ['zip', 'csv'])).toEqual([{ a: '1' }, { a: '2' }]);
  });
});

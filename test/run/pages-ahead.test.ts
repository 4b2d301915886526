import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { FetchedPage } from '../../engine/fetch/reading.ts';
import type { MappedPage } from '../../engine/run/mapped-page.ts';
import { pagesAhead, type PagesAheadOptions } from '../../engine/run/pages-ahead.ts';

const page = (number: number): FetchedPage => ({
  number,
  url: 'https://acme.example/people',
  body: [],
  receivedAt: new Date(0),
  rows: [],
});

/** A source of pages that tells which were asked for, and how it was left. */
function source(pages: number, { brokenAt = Number.NaN, stuckAt = Number.NaN } = {}) {
  const asked: number[] = [];
  const left: string[] = [];
  async function* open(signal: AbortSignal) {
    try {
      for (let number = 1; number <= pages; number++) {
        asked.push(number);
        await Promise.resolve();
        if (number === brokenAt) throw new Error(`page ${number} broke`);
        if (number === stuckAt) await once(signal, 'abort').then(() => signal.throwIfAborted());
        yield page(number);
      }
    } finally {
      left.push(signal.aborted ? 'aborted' : 'at its end');
    }
  }
  return { open, asked, left };
}

async function read(open: ReturnType<typeof source>['open'], options: PagesAheadOptions): Promise<(number | string)[]> {
  const seen: (number | string)[] = [];
  try {
    for await (const { page: one } of pagesAhead(open, options)) seen.push(one.number);
  } catch (error) {
    seen.push(error instanceof Error ? error.message : String(error));
  }
  return seen;
}

const settled = () => new Promise(setImmediate);

describe('pages ahead', () => {
  it('come in order, and what goes wrong with one after those before it', async () => {
    expect(await read(source(3).open, { ahead: () => 2 })).toEqual([1, 2, 3]);
    expect(await read(source(5, { brokenAt: 3 }).open, { ahead: () => 4 })).toEqual([1, 2, 'page 3 broke']);
  });

  it.each([
    [0, [1]],
    [1, [1, 2]],
    [3, [1, 2, 3, 4]],
  ])('are asked for while one is worked on, %i at most', async (ahead, expected) => {
    const { open, asked } = source(9);
    const pages = pagesAhead(open, { ahead: () => ahead });

    await pages.next();
    await settled();

    expect(asked).toEqual(expected);
  });

  it('are no longer waited for by who leaves early', async () => {
    const { open, left } = source(9, { stuckAt: 2 });
    const pages = pagesAhead(open, { ahead: () => 1 });
    await pages.next();
    await settled();

    await pages.return();

    expect(left).toEqual(['aborted']);
  });

  it('are given up when the run is interrupted', async () => {
    const { open, left } = source(9, { stuckAt: 2 });
    const run = new AbortController();
    const pages = pagesAhead(open, { ahead: () => 1, signal: run.signal });
    await pages.next();

    run.abort();

    await expect(pages.next()).rejects.toThrow();
    expect(left).toEqual(['aborted']);
  });

  it('are mapped as they come, each in its turn, whichever is mapped first', async () => {
    const done: (() => void)[] = [];
    const map = ({ number }: FetchedPage) =>
      new Promise<MappedPage>((resolve) => {
        done[number] = () => {
          resolve({ rows: [], keys: [], lines: new Uint8Array() as MappedPage['lines'], ends: [number] });
        };
      });
    const pages = pagesAhead(source(2).open, { ahead: () => 1, map });
    const first = pages.next();
    await settled();

    done[2]?.();
    done[1]?.();

    expect((await first).value?.mapped?.ends).toEqual([1]);
    expect((await pages.next()).value?.mapped?.ends).toEqual([2]);
  });
});

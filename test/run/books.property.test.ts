import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScratch } from '../support/run-scratch.ts';
import { acmeIntegration, person } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeAll(async () => {
  server = await startSourceServer();
});
afterAll(() => server.close());

/** Good rows, rows of the wrong type, rows that are no objects; a small range of ids makes many come twice. */
const row = fc.oneof(
  fc.integer({ min: 1, max: 12 }).map((id) => person(id)),
  fc.integer({ min: 20, max: 24 }).map((id) => person(id, { mfa: 'perhaps' })),
  fc.constantFrom(null, 7, 'text', []),
);
const pages = fc.array(fc.array(row, { maxLength: 8 }), { minLength: 1, maxLength: 5 });
const lastStatus = fc.constantFrom(200, 403, 500);

describe('the books of a stream', () => {
  it('balance, and agree with the files, whatever the pages hold and however the last one ends', async () => {
    const places = await acmeIntegration();
    await fc.assert(
      fc.asyncProperty(pages, lastStatus, async (lists, status) => {
        for (const [index, items] of lists.entries()) {
          const last = index === lists.length - 1;
          const next = last ? {} : { next: server.url(`/people/${index + 1}`).href };
          server.on(
            index === 0 ? '/people' : `/people/${index}`,
            last && status !== 200 ? { status, body: {} } : { body: { items, ...next } },
          );
        }
        const delivered = (status === 200 ? lists : lists.slice(0, -1)).flat();

        const { stream, lines } = await runScratch(places, 'acme', { url: server.origin });

        const { received, accepted, rejected, duplicates, ending } = stream('people');
        expect(received).toBe(accepted + rejected + duplicates);
        expect(received).toBe(delivered.length);
        expect(ending).toBe({ 200: 'complete', 403: 'denied', 500: 'failed' }[status]);
        const written = (await lines('people.ndjson')) as { user: { uid: string } }[];
        const ids = written.map(({ user }) => user.uid);
        expect(ids).toHaveLength(accepted);
        expect(new Set(ids)).toEqual(new Set(delivered.flatMap((one) => (isGood(one) ? [one.id] : []))));
        expect(new Set(ids).size).toBe(ids.length);
        expect(await lines('rejected.ndjson')).toHaveLength(rejected);
      }),
      { numRuns: 40 },
    );
  });
});

function isGood(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'mfa' in value && typeof value.mfa === 'boolean';
}

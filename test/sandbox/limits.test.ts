import { describe, expect, it } from 'vitest';
import { ask, rowsAt, serve } from './vendor-sandbox.ts';

const vendor = `
formatVersion: 1
scale: 3
connection: { url: '{origin}' }
families:
  logs:
    limit: { requests: 2, perSeconds: 60, concurrency: 1 }
    headers: { X-Rate-Limit-Limit: '{limit}', X-Rate-Limit-Remaining: '{remaining}', X-Rate-Limit-Reset: '{reset}' }
    errors:
      throttled: { status: 429, say: { code: slow }, headers: { X-RateLimit-RetryAfter: '{retryAtSeconds}', X-RateLimit-RetryAfter-Ms: '{retryAtMs}' } }
      too-many-at-once: { status: 429, headers: { X-Rate-Limit-Limit: '0', X-Rate-Limit-Remaining: '0' }, say: {}, body: '<html>Busy</html>', contentType: text/html }
errors:
  body: { code: '{code}' }
  byStatus: { '200': { status: 200, say: {}, body: { resources: [], errors: [{ code: 500, message: partial }] } } }
  others: { forbidden-throttle: { status: 403, say: { code: secondary-limit }, headers: { Retry-After: '7' } } }
routes:
  log: { family: logs, path: /log, answer: { kind: list, collection: log, paging: { envelope: { resources: '{rows}' } } } }
  people: { path: /people, answer: { kind: empty } }
collections: { log: { key: id, fields: { id: 'e-{number}' } } }
`;
const now = (): Date => new Date('2026-03-10T09:30:00.500Z');
const epoch = Math.ceil(now().getTime() / 1000);

describe('limits', () => {
  it('are told on every answer, and when to come back in the vendor’s own headers', async () => {
    const sandbox = await serve(vendor, { now, throttle: true });
    const replies = [await ask(sandbox, '/log'), await ask(sandbox, '/log'), await ask(sandbox, '/log')];

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(replies.map(({ headers }) => headers.get('x-rate-limit-remaining'))).toEqual(['1', '0', '0']);
    expect(replies.map(({ headers }) => headers.get('x-rate-limit-limit'))).toEqual(['2', '2', '2']);
    expect(replies[2]?.headers.get('x-rate-limit-reset')).toBe(String(epoch + 60));
    expect(replies[2]?.headers.get('x-ratelimit-retryafter')).toBe(String(epoch + 60));
    expect(replies[2]?.headers.get('x-ratelimit-retryafter-ms')).toBe(String(now().getTime() + 60_000));
    expect(replies[2]?.body).toEqual({ code: 'slow' });
  });

  it('leave all of the budget where they are not enforced', async () => {
    const sandbox = await serve(vendor, { now });
    const replies = [await ask(sandbox, '/log'), await ask(sandbox, '/log'), await ask(sandbox, '/log')];

    expect(replies.map(({ headers }) => headers.get('x-rate-limit-remaining'))).toEqual(['2', '2', '2']);
  });

  it('do not hold for routes without a family', async () => {
    const sandbox = await serve(vendor, { now, throttle: true });
    for (let time = 0; time < 5; time += 1) await ask(sandbox, '/people');

    expect((await ask(sandbox, '/people')).status).toBe(200);
  });

  it('hold for requests under way, with a page instead of JSON', async () => {
    const sandbox = await serve(vendor, { throttle: true, faults: ['log:slow:50'] });

    const replies = await Promise.all([ask(sandbox, '/log'), ask(sandbox, '/log')]);

    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect([refused[0]?.text, refused[0]?.headers.get('content-type')]).toEqual(['<html>Busy</html>', 'text/html']);
    expect(refused[0]?.headers.get('x-rate-limit-remaining')).toBe('0');
  });
});

describe('faults of a described vendor', () => {
  it('are its own: an error in a good answer, a refusal that means slow down', async () => {
    const sandbox = await serve(vendor, { faults: ['log:200:1', 'log:forbidden-throttle:1'] });
    const replies = [await ask(sandbox, '/log'), await ask(sandbox, '/log'), await ask(sandbox, '/log')];

    expect(replies.map(({ status }) => status)).toEqual([200, 403, 200]);
    expect(replies[0]?.body).toMatchObject({ errors: [{ message: 'partial' }] });
    expect(replies[1]?.headers.get('retry-after')).toBe('7');
    expect(replies.slice(2).flatMap((reply) => rowsAt(reply, 'resources'))).toHaveLength(3);
  });

  it.each([
    ['bad-signature', 401],
    ['missing-permission', 403],
    ['not-found', 404],
    ['throttled', 429],
    ['expired-job', 404],
    ['resync', 410],
    ['503', 503],
  ])('are %s as well, worded plainly where nobody worded them', async (fault, status) => {
    const sandbox = await serve(vendor, { faults: [`people:${fault}`] });

    const reply = await ask(sandbox, '/people');

    expect(reply.status).toBe(status);
    expect(reply.body).toHaveProperty('code');
  });
});

describe('what a description leaves out', () => {
  it('is an open door, an array, and 404 for what is not there', async () => {
    const sandbox = await serve(vendor);

    const [people, nothing, method] = await Promise.all([
      ask(sandbox, '/people'),
      ask(sandbox, '/gadgets'),
      ask(sandbox, '/people', { method: 'DELETE' }),
    ]);

    expect([people.text, nothing.status, method.status]).toEqual(['[]', 404, 405]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Fault, type FaultTools, parseFault } from '../../engine/sandbox/faults.ts';
import {
  askForToken,
  type Client,
  connect,
  openSandbox,
  type Options,
  paths,
  type Row,
  readAll,
} from './entra-sandbox.ts';

async function faulty(fault: string, options: Options = {}): Promise<Client> {
  return connect(await openSandbox({ faults: [fault], ...options }));
}

async function statuses(client: Client, path: string, times: number): Promise<number[]> {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await client(path)).status);
  return seen;
}

describe('statuses on purpose', () => {
  it('come for ever without a number', async () => {
    expect(await statuses(await faulty('devices:503'), paths.devices, 3)).toEqual([503, 503, 503]);
  });

  it('come so many times with a number', async () => {
    expect(await statuses(await faulty('devices:503:2'), paths.devices, 4)).toEqual([503, 503, 200, 200]);
  });

  it('come to every nth request', async () => {
    const client = await faulty('devices:429-every:3');

    expect(await statuses(client, paths.devices, 6)).toEqual([200, 200, 429, 200, 200, 429]);
  });

  it('leave other routes alone', async () => {
    const client = await faulty('devices:503');

    expect((await client(paths.users)).status).toBe(200);
  });

  it('come on all routes, but not for tokens, with a star', async () => {
    const client = await faulty('*:500');

    expect([(await client(paths.users)).status, (await client(paths.devices)).status]).toEqual([500, 500]);
  });

  it('say when to come back, in fractions of seconds too', async () => {
    const { body, headers } = await (await faulty('devices:429', { retryAfterSeconds: 0.05 }))(paths.devices);

    expect(headers.get('retry-after')).toBe('0.05');
    expect(body.error.code).toBe('TooManyRequests');
  });

  it('say when to come back as a date', async () => {
    const client = await faulty('devices:429-date:1', { now: () => new Date('2026-03-04T05:06:07Z') });

    const { headers } = await client(paths.devices);

    expect(headers.get('retry-after')).toBe('Wed, 04 Mar 2026 05:06:08 GMT');
  });

  it('do not say when to come back', async () => {
    const { headers } = await (await faulty('devices:503-bare'))(paths.devices);

    expect(headers.has('retry-after')).toBe(false);
  });
});

describe('refusals on purpose', () => {
  it('come in the words of the family that is asked', async () => {
    const client = await faulty('*:missing-permission');

    const [users, devices] = [await client(paths.users), await client(paths.devices)];

    expect(users.body.error.message).toContain('AuditLog.Read.All');
    expect(devices.body.error.code).toBe('Authorization_RequestDenied');
  });

  it('tell of a licence that is missing', async () => {
    const { status, body } = await (await faulty('user-events-summary:unlicensed'))(paths.events);

    expect(status).toBe(403);
    expect(body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant');
  });

  it('refuse a good token so many times', async () => {
    expect(await statuses(await faulty('devices:expired-token:1'), paths.devices, 2)).toEqual([401, 200]);
  });
});

describe('the token endpoint', () => {
  it('answers HTML', async () => {
    const sandbox = await openSandbox({ faults: ['token:html'] });

    await expect(askForToken(sandbox)).rejects.toThrow(SyntaxError);
  });

  it('answers any of its own errors', async () => {
    const sandbox = await openSandbox({ faults: ['token:expired-secret:1'] });

    const [first, second] = [await askForToken(sandbox), await askForToken(sandbox)];

    expect(first.body.error_codes).toEqual([7000222]);
    expect(second.status).toBe(200);
  });
});

describe('broken answers', () => {
  const read = async (fault: string): Promise<string> => {
    const sandbox = await openSandbox({ faults: [fault] });
    const { body } = await askForToken(sandbox);
    const headers = { authorization: `Bearer ${body.access_token}` };
    const response = await fetch(sandbox.origin + paths.devices, { headers, redirect: 'manual' });
    return response.text();
  };

  it('are cut off as if they were whole', async () => {
    const text = await read('devices:truncated');

    expect(text).toMatch(/^\{"@odata/);
    expect(() => {
      JSON.parse(text);
    }).toThrow(SyntaxError);
  });

  it('are HTML', async () => {
    expect(await read('devices:html')).toMatch(/^<!DOCTYPE html>/);
  });

  it('are empty', async () => {
    expect(await read('devices:empty-body')).toBe('');
  });

  it('break in mid-body', async () => {
    await expect(read('devices:drop-connection')).rejects.toThrow('terminated');
  });

  it('break before the first byte', async () => {
    await expect(read('devices:hang-up')).rejects.toThrow('fetch failed');
  });

  it('come whole again after so many times', async () => {
    const client = await faulty('devices:truncated:1');

    await expect(client(paths.devices)).rejects.toThrow(SyntaxError);
    expect((await client(paths.devices)).status).toBe(200);
  });

  it.each(['hang', 'stalled'])('never come to an end (%s), until the client or the sandbox gives up', async (fault) => {
    const sandbox = await openSandbox({ faults: [`devices:${fault}`] });
    const reading = connect(sandbox).then((client) => client(paths.devices));
    reading.catch(() => undefined);
    while (sandbox.requests()['devices'] === undefined) await new Promise(setImmediate);

    await sandbox.close();

    await expect(reading).rejects.toThrow();
  });

  it('come late', async () => {
    expect(JSON.parse(await read('devices:slow:1'))).toHaveProperty('value');
  });

  it('hold an object where the rows should be', async () => {
    const { body } = await (await faulty('devices:wrong-shape'))(paths.devices);

    expect(body.value).toEqual({});
  });
});

describe('next links', () => {
  it('lead back to the page they stand on', async () => {
    const client = await faulty('devices:loop');
    const first = await client(`${paths.devices}?$top=5`);

    const second = await client(first.body['@odata.nextLink'] ?? '');

    expect(second.body['@odata.nextLink']).toBe(first.body['@odata.nextLink']);
  });

  it('lead round in a longer loop', async () => {
    const client = await faulty('devices:loop:3');
    const seen: string[] = [];
    for (let next: string | undefined = `${paths.devices}?$top=5`; next !== undefined && !seen.includes(next); ) {
      seen.push(next);
      next = (await client(next)).body['@odata.nextLink'];
    }

    expect(seen).toHaveLength(4);
  });

  it('lead to another host', async () => {
    const { body } = await (await faulty('devices:foreign-link'))(paths.devices);

    expect(new URL(body['@odata.nextLink'] ?? '').origin).toBe('https://elsewhere.example');
  });

  it('lead to a listener of the test', async () => {
    const listener = createServer((_, response) => response.end('[]')).listen(0, '127.0.0.1');
    onTestFinished(() => void listener.close());
    await new Promise((resolve) => listener.once('listening', resolve));
    // A listening TCP server has an address of this type.
    const { port } = listener.address() as AddressInfo;

    const { body } = await (await faulty(`devices:foreign-link:${port}`))(paths.devices);

    expect(new URL(body['@odata.nextLink'] ?? '').origin).toBe(`http://127.0.0.1:${port}`);
  });

  it('lead through empty pages to the same rows', async () => {
    const { rows, pages } = await readAll(await faulty('devices:empty-pages'), `${paths.devices}?$top=10`);

    expect(new Set(rows.map(({ id }) => id)).size).toBe(35);
    expect(pages.map(({ value }) => value.length)).toEqual([0, 10, 0, 10, 0, 10, 0, 5]);
  });

  it('expire once', async () => {
    const client = await faulty('devices:expired-page-token');
    const first = await client(`${paths.devices}?$top=10`);

    const expired = await client(first.body['@odata.nextLink'] ?? '');
    const { rows } = await readAll(client, `${paths.devices}?$top=10`);

    expect(expired.status).toBe(400);
    expect(expired.body.error.code).toBe('Directory_ExpiredPageToken');
    expect(rows).toHaveLength(35);
  });

  it('are replaced by a redirect to another host', async () => {
    const sandbox = await openSandbox({ faults: ['devices:redirect'] });

    const response = await fetch(sandbox.origin + paths.devices, { redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`https://elsewhere.example${paths.devices}`);
  });
});

describe('rows', () => {
  const now = (): Date => new Date('2026-03-04T05:06:07Z');
  const compare = async (fault: string, path: string): Promise<{ good: Row[]; bad: Row[] }> => {
    const good = await readAll(await connect(await openSandbox({ now })), path);
    const bad = await readAll(await faulty(fault, { now }), path);
    return { good: good.rows, bad: bad.rows };
  };
  const changed = (good: readonly Row[], bad: readonly Row[]): number[] =>
    good.flatMap((row, at) => (JSON.stringify(row) === JSON.stringify(bad[at]) ? [] : [at + 1]));

  it('are sent twice, and once more on the next page, with none missing', async () => {
    const { good, bad } = await compare('user-registration-details:duplicate-rows:10', `${paths.users}?$top=20`);

    expect(bad).toHaveLength(50 + 5 + 2);
    expect(new Set(bad.map(({ id }) => id))).toEqual(new Set(good.map(({ id }) => id)));
  });

  it.each(['wrong-types', 'unknown-enums', 'missing-key', 'not-objects'])(
    'are spoilt by %s every so often',
    async (fault) => {
      const { good, bad } = await compare(`user-registration-details:${fault}:10`, `${paths.users}?$top=20`);

      expect(changed(good, bad)).toEqual([10, 20, 30, 40, 50]);
    },
  );

  it('have wrong types but their own key', async () => {
    const { good, bad } = await compare('user-registration-details:wrong-types:1', paths.users);

    expect(bad.map(({ id }) => id)).toEqual(good.map(({ id }) => id));
    expect(bad[0]).toMatchObject({
      isMfaRegistered: expect.stringMatching(/yes|no/) as unknown,
      methodsRegistered: 'a list',
    });
  });

  it('have values that no list knows', async () => {
    const { bad } = await compare('user-events-summary:unknown-enums:1', paths.events);

    expect(bad[0]).toMatchObject({ feature: 'inventedTomorrow', authMethod: 'inventedTomorrow' });
  });

  it('lack their key', async () => {
    const { bad } = await compare('devices:missing-key:1', paths.devices);

    expect(bad.filter((row) => 'id' in row)).toEqual([]);
  });

  it('hold a field of ten megabytes', async () => {
    const { bad } = await compare('devices:big-field', paths.devices);

    expect(bad[0]?.displayName).toHaveLength(10_000_000);
    expect(bad).toHaveLength(35);
  });
});

describe('reading a fault', () => {
  const tools: FaultTools = {
    status: () => ({ status: 503, headers: {}, body: '' }),
    statuses: ['503'],
    html: '',
    hasPageToken: () => true,
    named: () => ({ status: 400, headers: {}, body: '' }),
    tokenRule: () => ({ status: 401, headers: {}, body: '' }),
    tokenRules: ['wrong-secret'],
    now: () => new Date(0),
  };
  const parse = (text: string): { route: string; fault: Fault } => parseFault(text, ['hosts', 'alerts'], tools);

  it.each([
    ['gadgets:503', 'Routes: token, *, hosts, alerts.'],
    ['hosts:flood', 'html: an HTML page'],
    ['hosts:504', 'html: an HTML page'],
    ['hosts:wrong-secret', 'html: an HTML page'],
    ['token:flood', 'wrong-secret: that refusal'],
    ['hosts', 'html: an HTML page'],
    ['hosts:503:x', 'Example: *:503:2'],
    ['hosts:503:0', 'Example: *:503:2'],
    ['hosts:503:1:2', 'Example: *:503:2'],
  ])('refuses %s and says what there is', (text, hint) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'sandbox/wrong-value', hint: expect.stringContaining(hint) as unknown }) as Error,
    );
  });

  it('takes a name of the token rules for the token endpoint', () => {
    expect(parse('token:wrong-secret').route).toBe('token');
  });
});

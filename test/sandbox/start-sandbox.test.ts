import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../engine/sandbox/start-sandbox.ts';
import { connect, openSandbox, paths, readDescription, readSchema } from './entra-sandbox.ts';

describe('starting a sandbox', () => {
  const change = async (key: string, value: unknown): Promise<unknown> =>
    // A parsed YAML file of the project is an object.
    ({ ...((await readDescription()) as object), [key]: value });

  it.each([
    ['a key that is not there', 'routes', undefined],
    ['a key of another kind', 'scale', 'many'],
    ['a key nobody knows', 'colour', 'blue'],
    ['a route of a family that is not there', 'families', {}],
    ['a collection that is not there', 'collections', {}],
  ])('refuses a description with %s and says where', async (_, key, value) => {
    const starting = startSandbox({ description: await change(key, value), schema: await readSchema() });

    await expect(starting).rejects.toMatchObject({ code: 'sandbox/wrong-value' });
    await expect(starting).rejects.toThrow(/wrong at/);
  });

  it('refuses to take a permission that is not granted', async () => {
    await expect(openSandbox({ without: ['Mail.Read'] })).rejects.toMatchObject({
      code: 'sandbox/wrong-value',
      hint: expect.stringMatching(/^It grants AuditLog\.Read\.All, .*IdentityRiskyUser\.Read\.All\.$/) as string,
    });
  });

  it('refuses a fault that is not there', async () => {
    await expect(openSandbox({ faults: ['devices:flood'] })).rejects.toMatchObject({ code: 'sandbox/wrong-value' });
  });

  it('refuses a certificate that is none', async () => {
    await expect(openSandbox({ credentials: { certificates: ['pem?'] } })).rejects.toMatchObject({
      code: 'sandbox/wrong-value',
    });
  });

  it('refuses a port that is taken', async () => {
    const { origin } = await openSandbox();

    await expect(openSandbox({ port: Number(new URL(origin).port) })).rejects.toMatchObject({
      code: 'sandbox/wrong-value',
    });
  });
});

describe('a running sandbox', () => {
  it('listens on loopback, and its connection leads there', async () => {
    const { origin, connection } = await openSandbox();

    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(connection).toMatchObject({ loginUrl: origin, graphUrl: origin });
    expect(Object.keys(connection).sort()).toEqual(['clientId', 'clientSecret', 'graphUrl', 'loginUrl', 'tenantId']);
  });

  it('counts what it was asked and what it answered', async () => {
    const sandbox = await openSandbox({ faults: ['devices:503:1'] });
    const client = await connect(sandbox);
    for (const path of [paths.devices, paths.devices, '/v1.0/gadgets']) await client(path);

    expect(sandbox.requests()).toEqual({
      token: { requests: 1, statuses: { 200: 1 } },
      devices: { requests: 2, statuses: { 200: 1, 503: 1 } },
      unknown: { requests: 1, statuses: { 400: 1 } },
    });
  });

  it('cannot be reached once it is closed', async () => {
    const sandbox = await openSandbox();

    await sandbox.close();

    await expect(fetch(sandbox.origin)).rejects.toThrow('fetch failed');
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Descriptor } from '../../engine/descriptor/descriptor.ts';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { resolveConnection, type ConnectionInput } from '../../engine/descriptor/resolve-connection.ts';
import { environmentVariable } from '../../engine/descriptor/connection-issue.ts';
import { CannotRunError } from '../../engine/index.ts';
import { schemasDir, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';

let entra: Descriptor;
beforeAll(async () => {
  const { descriptor } = await readDescriptor(
    join(shippedPlaces.integrationsDirs[0] ?? '', 'microsoft-entra-mfa'),
    schemasDir,
  );
  if (descriptor === undefined) throw new Error('The shipped descriptor is not sound.');
  entra = descriptor;
});

const textProperty = { title: 'Key', type: 'string', secret: true } as const;
const ids = { tenantId: '11111111-2222-4333-8444-555555555555', clientId: '99999999-8888-4777-8666-555555555555' };
const secret = 'Inv~ented.Secret-Value_for-tests-000000';

const resolve = (supplied: Partial<ConnectionInput>) => resolveConnection(entra, { set: {}, env: {}, ...supplied });

async function faults(supplied: Partial<ConnectionInput>): Promise<CannotRunError> {
  const error: unknown = await resolve(supplied).catch((cause: unknown) => cause);
  if (error instanceof CannotRunError) return error;
  throw new Error('The connection was accepted.');
}

describe('the value of a property', () => {
  it('comes from the flag first, then the file, then the environment', async () => {
    const file = join(await scratchFolder(), 'connection.yaml');
    await writeFile(file, `clientId: from-file\ntenantId: from-file\n`);
    const env = { SLUICE_CLIENT_ID: 'from-env', SLUICE_TENANT_ID: 'from-env', SLUICE_CLIENT_SECRET: secret };

    const { values } = await resolve({ set: { tenantId: 'from-flag' }, file, env });

    expect(values).toMatchObject({ tenantId: 'from-flag', clientId: 'from-file', clientSecret: secret });
  });

  it('may be named by an environment variable or a file, whose last line break is no part of it', async () => {
    const path = join(await scratchFolder(), 'secret');
    await writeFile(path, `${secret}\n`);

    const byFile = await resolve({ set: { ...ids, clientSecret: `file:${path}` } });
    const byEnv = await resolve({ set: { ...ids, clientSecret: 'env:MY_SECRET' }, env: { MY_SECRET: secret } });

    expect(byFile.values['clientSecret']).toBe(secret);
    expect(byEnv.values['clientSecret']).toBe(secret);
    expect(byEnv.secrets).toEqual([secret]);
    expect(byEnv.shown).not.toHaveProperty('clientSecret');
  });

  it('follows from the chosen cloud, unless it is given', async () => {
    const china = await resolve({ set: { ...ids, clientSecret: secret, cloud: 'china' } });
    const own = await resolve({
      set: { ...ids, clientSecret: secret, cloud: 'china', graphUrl: 'http://127.0.0.1:9/' },
    });

    expect(china.values['graphUrl']).toBe('https://microsoftgraph.chinacloudapi.cn');
    expect(own.values).toMatchObject({
      graphUrl: 'http://127.0.0.1:9',
      loginUrl: 'https://login.partner.microsoftonline.cn',
    });
  });

  it.each([
    ['graph.example', 'https://graph.example'],
    ['graph.example:8443/', 'https://graph.example:8443'],
    ['https://graph.example//', 'https://graph.example'],
  ])('is an https address where a host is pasted as %s', async (graphUrl, address) => {
    const { values } = await resolve({ set: { ...ids, clientSecret: secret, graphUrl } });

    expect(values).toMatchObject({ graphUrl: address, 'graphUrl.host': 'graph.example' });
  });

  it('has an environment variable of a fixed name', () => {
    expect(environmentVariable('clientSecret')).toBe('SLUICE_CLIENT_SECRET');
  });
});

describe('a connection that cannot work', () => {
  it('is refused with everything that is missing, and where to find it', async () => {
    const { issues } = await faults({});

    expect(issues.map(({ message }) => message)).toEqual([
      '"tenantId" (Directory (tenant) ID) is missing.',
      '"clientId" (Application (client) ID) is missing.',
      '"clientSecret" or "clientCertificate" is missing.',
    ]);
    expect(issues[2]?.hint).toContain('SLUICE_CLIENT_SECRET');
  });

  it.each([
    ['a trailing space', `${secret} `, 'space, probably from pasting'],
    ['a line break', `${secret.slice(0, 20)}\n${secret.slice(20)}`, 'line break, probably from pasting'],
    ['the ID of a secret', '0b5d8e3c-1111-4a5e-9f10-2d9a7c6b4e01', 'looks like the ID of a secret'],
  ])('is refused for %s in the secret, without showing it', async (_, clientSecret, message) => {
    const error = await faults({ set: { ...ids, clientSecret } });

    expect(error.message).toContain(message);
    expect(`${error.message} ${error.hint ?? ''}`).not.toContain(clientSecret.trim());
  });

  it('is refused where the application id stands in the place of the tenant id', async () => {
    const error = await faults({ set: { ...ids, tenantId: ids.clientId, clientSecret: secret } });

    expect(error.message).toContain('The tenant id and the client id are the same');
    expect(error.hint).toContain('Directory (tenant) ID');
  });

  it.each([
    ['http to another machine', 'http://graph.example'],
    ['a password in the address', 'https://me:secret@graph.example'],
    ['a query', 'https://graph.example?x=1'],
    ['no address', 'graph'],
    ['a host name with a path', 'graph.example/v1'],
  ])('is refused for %s', async (_, graphUrl) => {
    expect((await faults({ set: { ...ids, clientSecret: secret, graphUrl } })).issues).toMatchObject([
      { code: 'connection/wrong-value', pointer: '/graphUrl' },
    ]);
  });

  it('is refused for an unknown property and an unknown choice, with those that were meant', async () => {
    const { issues } = await faults({ set: { ...ids, clientSecret: secret, tenentId: 'x', cloud: 'usgove' } });

    expect(issues).toMatchObject([
      { code: 'connection/unknown-property', hint: 'Did you mean "tenantId"?' },
      { code: 'connection/wrong-value', hint: 'Did you mean "usgov"?' },
    ]);
  });

  it('is refused for a secret in clear in a connection file', async () => {
    const file = join(await scratchFolder(), 'connection.yaml');
    await writeFile(file, `tenantId: contoso.example\nclientId: ${ids.clientId}\nclientSecret: ${secret}\n`);

    const { issues } = await faults({ file });

    expect(issues[0]).toMatchObject({ code: 'connection/wrong-value', at: { line: 3 } });
    expect(JSON.stringify(issues)).not.toContain(secret);
  });

  it('is refused where a variable or file it names is not there', async () => {
    const { issues } = await faults({
      set: { ...ids, clientSecret: 'env:NOT_SET', clientCertificate: 'file:/nowhere/at.all' },
    });

    expect(issues.slice(0, 2)).toMatchObject([{ code: 'connection/unreadable' }, { code: 'connection/unreadable' }]);
  });
});

describe('a private key', () => {
  const withKey = (key: string) => {
    const properties = { ...entra.connection.properties, key: { ...textProperty, format: 'private-key' as const } };
    const keyed: Descriptor = { ...entra, connection: { ...entra.connection, properties } };
    return resolveConnection(keyed, { set: { ...ids, clientSecret: secret, key }, env: {} });
  };

  it.each([
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
    ['the path of a file', 'keys/okta.pem'],
  ])('is not %s', async (_, key) => {
    await expect(withKey(key)).rejects.toThrow('is no private key');
  });

  it.each([
    ['PEM of several lines', '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----'],
    ['a JWK', '{ "kty": "RSA",\n "d": "AQAB" }'],
  ])('may be %s', async (_, key) => {
    expect((await withKey(key)).values['key']).toBe(key);
  });
});

describe('a connection file', () => {
  it('that cannot be parsed is the one thing told, without a word of what stands in it', async () => {
    const file = join(await scratchFolder(), 'connection.yaml');
    await writeFile(file, 'clientId: a\nclientSecret: *hunter2\n');

    const { issues, message } = await faults({ file });

    expect(issues).toMatchObject([{ code: 'connection/unreadable', at: { line: 2, column: 15 } }]);
    expect(JSON.stringify([issues, message])).not.toContain('hunter2');
  });

  it('is told where it holds a property that does not exist, and which was meant', async () => {
    const file = join(await scratchFolder(), 'connection.yaml');
    await writeFile(file, `clientId: a\ntenantID: b\nclientSecret: { env: SECRET }\n`);

    const { issues } = await faults({ file, env: { SECRET: secret } });

    expect(issues[0]).toMatchObject({
      code: 'connection/unknown-property',
      hint: 'Did you mean "tenantId"?',
      at: { line: 2, column: 1 },
    });
  });

  it('keeps ids as they are written, leading zeros and all', async () => {
    const file = join(await scratchFolder(), 'connection.yaml');
    await writeFile(file, `clientId: 007\ntenantId: 12345678901234567890\nclientSecret: { env: SECRET }\n`);

    expect((await resolve({ file, env: { SECRET: secret } })).values).toMatchObject({
      clientId: '007',
      tenantId: '12345678901234567890',
    });
  });
});

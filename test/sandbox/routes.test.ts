import { describe, expect, it } from 'vitest';
import { connect, openSandbox, paths, type Reply, readAll } from './entra-sandbox.ts';

describe('refused requests', () => {
  it.each(Object.entries(paths))('%s without a token is answered 401', async (_, path) => {
    const sandbox = await openSandbox();

    const response = await fetch(sandbox.origin + path);

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  });

  const needed: readonly [keyof typeof paths, string, string][] = [
    ['users', 'AuditLog.Read.All', 'Authentication_MSGraphPermissionMissing'],
    ['events', 'AuditLog.Read.All', 'Authentication_MSGraphPermissionMissing'],
    ['usageDetails', 'Reports.Read.All', 'Authentication_MSGraphPermissionMissing'],
    ['registrationCount', 'Reports.Read.All', 'Authentication_MSGraphPermissionMissing'],
    ['usageSummary', 'Reports.Read.All', 'Authentication_MSGraphPermissionMissing'],
    ['devices', 'Device.Read.All', 'Authorization_RequestDenied'],
  ];

  it.each(needed)('%s without %s is answered 403 %s', async (name, permission, code) => {
    const client = await connect(await openSandbox({ without: [permission] }));

    const { status, body } = await client(paths[name]);

    expect(status).toBe(403);
    expect(body.error.code).toBe(code);
    if (code.endsWith('PermissionMissing')) expect(body.error.message).toContain(permission);
  });

  it('takes a higher permission in place of the least', async () => {
    const client = await connect(await openSandbox({ without: ['Device.Read.All'], also: ['Directory.Read.All'] }));

    expect((await client(paths.devices)).status).toBe(200);
  });

  it.each([paths.byFeature, paths.byMethod])('%s is refused to an application whatever it holds', async (path) => {
    const client = await connect(await openSandbox());

    const { status, body } = await client(path);

    expect(status).toBe(403);
    expect(body.error.code).toBe('Authentication_MSGraphPermissionMissing');
  });

  it('refuses reports, but not devices, in a tenant without the licence', async () => {
    const client = await connect(await openSandbox({ unlicensed: true }));

    const [users, devices] = [await client(paths.users), await client(paths.devices)];

    expect(users.body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant');
    expect(devices.status).toBe(200);
  });

  it.each([
    ['a report that lives in beta only', paths.events.replace('beta', 'v1.0'), 'BadRequest'],
    ['an unknown version', '/v9/devices', 'BadRequest'],
    ['an unknown resource', '/v1.0/gadgets', 'BadRequest'],
    ['an option that is not offered', `${paths.devices}?$skip=10`, 'BadRequest'],
    ['a page size of 0', `${paths.devices}?$top=0`, 'Request_BadRequest'],
    ['a page size above the most', `${paths.devices}?$top=1000`, 'Request_BadRequest'],
    ['a page token of its own making', `${paths.devices}?$skiptoken=100`, 'Request_BadRequest'],
    ['an argument that is not allowed', paths.usageSummary.replace('D30', 'D31'), 'BadRequest'],
    ['an argument without quotes', paths.usageSummary.replaceAll("'", ''), 'BadRequest'],
    ['a missing argument', '/beta/reports/getCredentialUsageSummary', 'BadRequest'],
  ])('answers %s with 400', async (_, path, code) => {
    const client = await connect(await openSandbox());

    const { status, body } = await client(path);

    expect(status).toBe(400);
    expect(body.error.code).toBe(code);
  });

  it('refuses the page token of another list', async () => {
    const client = await connect(await openSandbox());
    const { body } = await client(`${paths.users}?$top=10`);
    const token = new URL(body['@odata.nextLink'] ?? '').searchParams.get('$skiptoken') ?? '';

    const { status } = await client(`${paths.devices}?$skiptoken=${token}`);

    expect(token).not.toBe('');
    expect(status).toBe(400);
  });

  it('refuses to write', async () => {
    const client = await connect(await openSandbox());

    const { status, body } = await client(paths.devices, {}, 'POST');

    expect(status).toBe(405);
    expect(body.error.code).toBe('Request_BadRequest');
  });
});

describe('answers', () => {
  it('say their ids, and the client’s own back', async () => {
    const client = await connect(await openSandbox());

    const { headers } = await client(paths.devices, { 'client-request-id': 'my-own-id' });

    expect(headers.get('client-request-id')).toBe('my-own-id');
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-ms-ags-diagnostic')).toMatch(/^\{"ServerInfo":/);
    expect(headers.get('date')).not.toBeNull();
  });

  it.each([paths.usageDetails, paths.usageSummary])('%s is retired: 200 with no rows', async (path) => {
    const client = await connect(await openSandbox());

    const { status, body } = await client(path);

    expect(status).toBe(200);
    expect(body.value).toEqual([]);
  });

  it.each([
    "(includedUserTypes='all',includedUserRoles='all')",
    "(includedUserRoles='all',includedUserTypes='all')",
    '(includedUserTypes=%27all%27,includedUserRoles=%27all%27)',
    '%28includedUserTypes%3D%27all%27%2CincludedUserRoles%3D%27all%27%29',
    '()',
    '',
  ])('takes the arguments of a function as %s', async (text) => {
    const client = await connect(await openSandbox({ allowDelegatedOnly: true }));

    const { status, body } = await client(paths.byFeature + text);

    expect(status).toBe(200);
    expect(body).toMatchObject({ totalUserCount: 50, userTypes: 'all', userRoles: 'all' });
    expect(body).not.toHaveProperty('value');
  });

  it('count features over exactly the users they serve', async () => {
    const client = await connect(await openSandbox({ allowDelegatedOnly: true, scale: 300 }));
    const { rows } = await readAll(client, paths.users);

    const { body } = await client(`${paths.byFeature}(includedUserTypes='member',includedUserRoles='user')`);

    const kept = rows.filter(({ userType, isAdmin }) => userType === 'member' && isAdmin === false);
    expect(body.totalUserCount).toBe(kept.length);
    expect(body.userRegistrationFeatureCounts).toEqual([
      { feature: 'ssprRegistered', userCount: kept.filter((user) => user.isSsprRegistered).length },
      { feature: 'ssprEnabled', userCount: kept.filter((user) => user.isSsprEnabled).length },
      { feature: 'ssprCapable', userCount: kept.filter((user) => user.isSsprCapable).length },
      { feature: 'passwordlessCapable', userCount: kept.filter((user) => user.isPasswordlessCapable).length },
      { feature: 'mfaCapable', userCount: kept.filter((user) => user.isMfaCapable).length },
    ]);
  });

  it('count methods over exactly the users they serve', async () => {
    const client = await connect(await openSandbox({ allowDelegatedOnly: true, scale: 300 }));
    const { rows } = await readAll(client, paths.users);

    const { body } = await client(paths.byMethod);

    const methods = rows.flatMap(({ methodsRegistered }) => methodsRegistered);
    const expected = [...new Set(methods)].map((method) => ({
      authenticationMethod: method,
      userCount: methods.filter((other) => other === method).length,
    }));
    expect(body.userRegistrationMethodCounts).toEqual(expect.arrayContaining(expected));
    expect(body.userRegistrationMethodCounts).toHaveLength(expected.length);
  });

  it('count registrations as the only row of a list', async () => {
    const client = await connect(await openSandbox({ scale: 300 }));
    const { rows } = await readAll(client, paths.users);

    const { body } = await client(`${paths.registrationCount}()`);

    expect(body.value).toHaveLength(1);
    expect(body.value[0]).toMatchObject({ totalUserCount: 300 });
    expect(body.value[0]?.userRegistrationCounts[3]).toEqual({
      registrationStatus: 'mfaRegistered',
      registrationCount: rows.filter((user) => user.isMfaRegistered).length,
    });
  });

  it('hide late methods from a client that does not ask for them', async () => {
    const client = await connect(await openSandbox());

    const plain = await client(paths.events);
    const asking = await client(paths.events, { prefer: 'include-unknown-enum-members' });

    const methods = ({ body }: Reply): string[] => body.value.map(({ authMethod }) => authMethod);
    expect(methods(plain)).toContain('unknownFutureValue');
    expect(methods(plain)).not.toContain('microsoftAuthenticatorPush');
    expect(methods(asking)).toContain('microsoftAuthenticatorPush');
  });

  it('send defaultMfaMethod in beta only', async () => {
    const client = await connect(await openSandbox());

    const [released, beta] = [await client(paths.users), await client(paths.users.replace('v1.0', 'beta'))];

    expect(released.body.value[0]).not.toHaveProperty('defaultMfaMethod');
    expect(beta.body.value[0]).toHaveProperty('defaultMfaMethod');
  });

  it('send only the fields selected, where that is offered', async () => {
    const client = await connect(await openSandbox());

    const { body } = await client(`${paths.devices}?$select=id,displayName&$top=5`);

    expect(body.value.map((row) => Object.keys(row))).toEqual(Array.from({ length: 5 }, () => ['id', 'displayName']));
  });
});

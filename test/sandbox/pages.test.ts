import { describe, expect, it } from 'vitest';
import { connect, openSandbox, paths, type Row, readAll } from './entra-sandbox.ts';

describe('pages', () => {
  it.each([1, 2, 7, 49, 50, 51, 999])('of %i devices add up to all of them, each once', async (size) => {
    const client = await connect(await openSandbox({ scale: 100 }));

    const { rows, pages } = await readAll(client, `${paths.devices}?$top=${size}`);

    expect(rows).toHaveLength(70);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(70);
    expect(pages).toHaveLength(Math.ceil(70 / size));
  });

  it('without a wish have the vendor’s size', async () => {
    const client = await connect(await openSandbox({ scale: 1500 }));

    const [users, devices] = [await client(paths.users), await client(paths.devices)];

    expect(users.body.value).toHaveLength(1000);
    expect(devices.body.value).toHaveLength(100);
  });

  it('keep the size of the first through all links', async () => {
    const client = await connect(await openSandbox());

    const { pages } = await readAll(client, `${paths.users}?$top=20`);

    expect(pages.map(({ value }) => value.length)).toEqual([20, 20, 10]);
  });

  it('link to the next by an absolute address with an opaque token', async () => {
    const sandbox = await openSandbox();
    const client = await connect(sandbox);

    const { body } = await client(`${paths.users}?$top=20`);

    const link = new URL(body['@odata.nextLink'] ?? '');
    expect(link.origin).toBe(sandbox.origin);
    expect(link.searchParams.get('$skiptoken')).toMatch(/^[\w-]{40,}$/);
  });

  it('of an empty tenant are one page without rows', async () => {
    const client = await connect(await openSandbox({ scale: 0 }));

    const { rows, pages } = await readAll(client, paths.events);

    expect([rows, pages.length]).toEqual([[], 1]);
  });
});

describe('the invented tenant', () => {
  const now = (): Date => new Date('2026-03-04T05:06:07Z');
  const read = async (seed: number, path: string): Promise<Row[]> => {
    const client = await connect(await openSandbox({ seed, now, scale: 200 }));
    return (await readAll(client, path)).rows;
  };

  it('is the same for the same seed', async () => {
    expect(await read(7, paths.devices)).toEqual(await read(7, paths.devices));
  });

  it('is another for another seed', async () => {
    const [seven, eight] = [await read(7, paths.users), await read(8, paths.users)];

    expect(seven.map(({ id }) => id).filter((id) => eight.some((user) => user.id === id))).toEqual([]);
  });

  it('keeps its first users when it grows', async () => {
    const large = await openSandbox({ seed: 7, now, scale: 100_000 });

    const { body } = await (await connect(large))(`${paths.users}?$top=200`);

    expect(body.value).toEqual(await read(7, paths.users));
  });

  it('has events of its own users, some of one user more than once', async () => {
    const [users, events] = [await read(7, paths.users), await read(7, paths.events)];

    const ids = new Set(users.map(({ id }) => id));
    expect(events).toHaveLength(300);
    expect(events.every(({ id }) => ids.has(id))).toBe(true);
    expect(new Set(events.map(({ id }) => id)).size).toBeLessThan(300);
  });

  it('has events that are unlike each other in id, time, feature and method', async () => {
    const events = await read(7, paths.events);

    const keys = events.map((event) => [event.id, event.eventDateTime, event.feature, event.authMethod].join());
    expect(new Set(keys).size).toBe(300);
  });

  it('has no event that lies ahead', async () => {
    const events = await read(7, paths.events);

    expect(events.filter(({ eventDateTime }) => eventDateTime > '2026-03-04')).toEqual([]);
  });

  it.each([
    ['a guest', paths.users, ({ userPrincipalName }: Row) => userPrincipalName.includes('#EXT#')],
    ['an administrator', paths.users, ({ isAdmin }: Row) => isAdmin === true],
    ['a user without methods', paths.users, ({ methodsRegistered }: Row) => methodsRegistered.length === 0],
    [
      'an empty text in an enum field',
      paths.users,
      (user: Row) => user.userPreferredMethodForSecondaryAuthentication === '',
    ],
    [
      'a method nobody knows',
      paths.users,
      ({ methodsRegistered }: Row) => methodsRegistered.includes('quantumHandshake'),
    ],
    ['seven digits of a second', paths.users, ({ lastUpdatedDateTime }: Row) => /\.\d{7}Z$/.test(lastUpdatedDateTime)],
    ['a user type that is null', paths.users, ({ userType }: Row) => userType === null],
    ['a failure without a reason', paths.events, (event: Row) => !event.isSuccess && event.failureReason === ''],
    [
      'a device of all nulls',
      paths.devices,
      (device: Row) => device.operatingSystem === null && device.displayName === null,
    ],
    ['the null date', paths.devices, (device: Row) => device.approximateLastSignInDateTime === '0001-01-01T00:00:00Z'],
    ['a name with an apostrophe', paths.devices, ({ displayName }: Row) => displayName?.includes("'") === true],
    ['a system in capitals', paths.devices, ({ operatingSystem }: Row) => operatingSystem === 'WINDOWS'],
    [
      'a property of no schema',
      paths.devices,
      (device: Row) => Object.keys(device).some((key) => key.startsWith('extension_')),
    ],
    ['extension attributes', paths.devices, ({ extensionAttributes }: Row) => extensionAttributes !== undefined],
    ['key material', paths.devices, ({ alternativeSecurityIds }: Row) => 'key' in (alternativeSecurityIds[0] ?? {})],
  ])('has %s', async (_, path, fits) => {
    const rows = await read(7, path);

    expect(rows.some(fits)).toBe(true);
  });

  it('sends no field that is meant to stay inside', async () => {
    const rows = [...(await read(7, paths.users)), ...(await read(7, paths.devices))];

    expect(rows.flatMap((row) => Object.keys(row)).filter((name) => name.startsWith('_'))).toEqual([]);
  });

  it('names only invented addresses', async () => {
    const users = await read(7, paths.users);

    expect(users.filter(({ userPrincipalName }) => !userPrincipalName.endsWith('.example'))).toEqual([]);
  });
});

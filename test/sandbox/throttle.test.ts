import { describe, expect, it } from 'vitest';
import { createThrottle } from '../../engine/sandbox/throttle.ts';
import { connect, openSandbox, paths } from './entra-sandbox.ts';

describe('a throttle', () => {
  const second = 1000;
  const limit = { requests: 2, perSeconds: 10 };

  it('lets so many in, then says how long to wait', () => {
    const throttle = createThrottle(limit);

    expect([0, 1, 4].map((at) => throttle(new Date(at * second)).waitSeconds)).toEqual([undefined, undefined, 7]);
  });

  it('lets the next in when that time is over', () => {
    const throttle = createThrottle(limit);
    for (const at of [0, 1]) throttle(new Date(at * second));

    expect(throttle(new Date(10 * second)).waitSeconds).toBeUndefined();
  });

  it('counts refused requests, so hammering prolongs the wait', () => {
    const throttle = createThrottle(limit);
    for (const at of [0, 1, 2, 3]) throttle(new Date(at * second));

    expect(throttle(new Date(11.5 * second)).waitSeconds).toBe(2);
  });
});

describe('the vendor’s limits', () => {
  const still = (): Date => new Date('2026-03-04T05:06:07Z');

  it('hold for all reports together: the sixth request within 10 s is refused', async () => {
    const client = await connect(await openSandbox({ throttle: true, now: still }));
    for (const path of [paths.users, paths.events, paths.users, paths.events, paths.usageDetails]) await client(path);

    const { status, body, headers } = await client(paths.users);

    expect(status).toBe(429);
    expect(body.error.code).toBe('TooManyRequests');
    expect(headers.get('retry-after')).toBe('10');
  });

  it('count refused requests as well', async () => {
    const client = await connect(await openSandbox({ throttle: true, now: still }));
    for (let time = 0; time < 5; time += 1) await client(paths.byFeature);

    expect((await client(paths.users)).status).toBe(429);
  });

  it('do not hold for devices, which have their own', async () => {
    const client = await connect(await openSandbox({ throttle: true, now: still }));
    for (let time = 0; time < 6; time += 1) await client(paths.users);

    expect((await client(paths.devices)).status).toBe(200);
  });

  it('do not hold unless asked for', async () => {
    const client = await connect(await openSandbox({ now: still }));
    for (let time = 0; time < 6; time += 1) await client(paths.users);

    expect((await client(paths.users)).status).toBe(200);
  });
});

import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { registerCertificate } from './client-assertion.ts';
import { makeCollections } from './collection.ts';
import type { Fault } from './faults.ts';
import { readFaults } from './read-faults.ts';
import type { SandboxDescription } from './sandbox-description.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import type { Service } from './service.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import type { TokenSettings } from './token-endpoint.ts';

/** A description and the options of one sandbox, brought to life. */
export type Vendor = {
  readonly service: Service;
  readonly tokenSettings: TokenSettings;
  readonly faultsOf: (route: string) => readonly Fault[];
  /** By family; empty where limits are not enforced. */
  readonly throttles: ReadonlyMap<string, Throttle>;
  /** Requests under way, by family. */
  readonly inside: Map<string, number>;
  /** The private half of the pair made for this sandbox, as PEM. */
  readonly privateKey: string | undefined;
};

export function makeVendor(described: SandboxDescription, options: SandboxOptions): Vendor {
  const { now = () => new Date(), credentials = {}, faults = [], throttle = false } = options;
  const description = withOptions(described, options);
  const pair = makeKeyPair(description);
  const service = makeService(description, options, now, pair?.publicKey);
  return {
    service,
    tokenSettings: {
      key: service.key,
      lifetimeSeconds: description.token?.lifetimeSeconds ?? 0,
      secretExpired: credentials.secretExpired ?? false,
      certificates: (credentials.certificates ?? []).map(registerCertificate),
      publicKey: service.publicKey,
      granted: service.granted,
      usedIds: new Set(),
      now,
    },
    faultsOf: readFaults(description, faults, now),
    throttles: makeThrottles(description, throttle),
    inside: new Map(),
    privateKey: pair?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function withOptions(description: SandboxDescription, options: SandboxOptions): SandboxDescription {
  const { errors, token } = description;
  return {
    ...description,
    errors: { ...errors, retryAfterSeconds: options.retryAfterSeconds ?? errors.retryAfterSeconds },
    ...(token !== undefined && {
      token: { ...token, lifetimeSeconds: options.tokenLifetimeSeconds ?? token.lifetimeSeconds },
    }),
  };
}

/** No key of the repository opens anything, not even a sandbox. */
function makeKeyPair({ token }: SandboxDescription) {
  if (token?.assertion?.ownKey !== true) return undefined;
  if (token.assertion.algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function makeService(
  description: SandboxDescription,
  options: SandboxOptions,
  now: () => Date,
  publicKey: KeyObject | undefined,
): Service {
  const { scale = description.scale, seed = 1, allowDelegatedOnly = false, unlicensed = false } = options;
  return {
    description,
    collections: makeCollections(description, { scale, seed, now: now() }),
    granted: readGranted(description, options),
    allowDelegatedOnly,
    unlicensed,
    key: randomBytes(32),
    publicKey,
    now,
    counted: new Map(),
    totals: new Map(),
    ends: new Map(),
    jobs: new Map(),
  };
}

function readGranted({ granted }: SandboxDescription, { without = [], also = [] }: SandboxOptions): Set<string> {
  const unknown = without.find((name) => !granted.includes(name));
  if (unknown === undefined) return new Set([...granted, ...also].filter((name) => !without.includes(name)));
  const message = `The sandbox grants no permission "${unknown}" that could be taken.`;
  throw new CannotRunError('sandbox/wrong-value', message, { hint: `It grants ${granted.join(', ')}.` });
}

function makeThrottles({ families }: SandboxDescription, enforced: boolean): ReadonlyMap<string, Throttle> {
  if (!enforced) return new Map();
  const limited = Object.entries(families).flatMap(([name, { limit }]) =>
    limit === undefined ? [] : [{ name, limit }],
  );
  return new Map(limited.map(({ name, limit }) => [name, createThrottle(limit)] as const));
}

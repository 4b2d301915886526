import { randomBytes } from 'node:crypto';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { registerCertificate } from './client-assertion.ts';
import { makeCollections } from './collection.ts';
import type { Fault } from './faults.ts';
import { readFaults } from './read-faults.ts';
import type { SandboxDescription } from './sandbox-description.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import type { Service } from './serve-route.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import type { TokenSettings } from './token-endpoint.ts';

/** A description and the options of one sandbox, brought to life. */
export type Vendor = {
  readonly service: Service;
  readonly tokenSettings: TokenSettings;
  readonly faultsOf: (route: string) => readonly Fault[];
  /** By family; empty where limits are not enforced. */
  readonly throttles: ReadonlyMap<string, Throttle>;
};

export function makeVendor(described: SandboxDescription, options: SandboxOptions): Vendor {
  const { now = () => new Date(), credentials = {}, faults = [], throttle = false } = options;
  const description = withOptions(described, options);
  const service = makeService(description, options, now);
  return {
    service,
    tokenSettings: {
      key: service.key,
      lifetimeSeconds: description.token.lifetimeSeconds,
      secretExpired: credentials.secretExpired ?? false,
      certificates: (credentials.certificates ?? []).map(registerCertificate),
      now,
    },
    faultsOf: readFaults(description, faults, now),
    throttles: makeThrottles(description, throttle),
  };
}

function withOptions(description: SandboxDescription, options: SandboxOptions): SandboxDescription {
  const { errors, token } = description;
  return {
    ...description,
    errors: { ...errors, retryAfterSeconds: options.retryAfterSeconds ?? errors.retryAfterSeconds },
    token: { ...token, lifetimeSeconds: options.tokenLifetimeSeconds ?? token.lifetimeSeconds },
  };
}

function makeService(description: SandboxDescription, options: SandboxOptions, now: () => Date): Service {
  const { scale = description.scale, seed = 1, allowDelegatedOnly = false, unlicensed = false } = options;
  return {
    description,
    collections: makeCollections(description, { scale, seed, now: now() }),
    granted: readGranted(description, options),
    allowDelegatedOnly,
    unlicensed,
    key: randomBytes(32),
    now,
    counted: new Map(),
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
  return new Map(Object.entries(families).map(([name, { limit }]) => [name, createThrottle(limit)] as const));
}

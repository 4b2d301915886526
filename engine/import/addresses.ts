import { isJsonObject, type JsonObject } from '../records.ts';
import type { Connection } from './connection.ts';
import { type AddressedStream, fillIn, type Sent } from './imported.ts';
import { lost, secretInClear } from './place.ts';

type Address = { readonly origin: string; readonly path: string; readonly query: Sent };

export type Placed = { readonly stream: AddressedStream; readonly path: string; readonly query: Sent };

/**
 * One base for all streams: the origin that most of them share, and the steps that all their paths begin with. A stream of
 * another origin is left out, as credentials go to one host only.
 */
export function shareBase(
  streams: readonly AddressedStream[],
  connection: Connection,
): { readonly baseUrl: string; readonly placed: readonly Placed[] } {
  const read = streams.map((stream) => ({ stream, address: readAddress(stream) }));
  const told = read.map(({ address }) => address.origin).filter((one) => one !== fillIn);
  const origin = mostFrequent(told) ?? fillIn;
  const home = read.filter(({ stream, address }) => {
    if (address.origin === origin || address.origin === fillIn) return true;
    lost(
      stream.addressPlace,
      `The stream "${stream.name}" is read from another host than the others, and left out.`,
      'Give it an integration of its own: credentials go to the host of baseUrl only.',
    );
    return false;
  });
  const known = home.filter(({ address }) => address.origin === origin);
  const prefix = sharedSteps(known.flatMap(({ address, stream }) => [address.path, ...jobPaths(stream, origin)]));
  const [, property] = /^\{(\w+)\}/.exec(origin) ?? [];
  if (property !== undefined) connection.refine(property, { format: 'base-url' });
  return {
    baseUrl: `${origin}${prefix}`,
    placed: home.map(({ stream, address }) => {
      const path = address.origin === origin ? address.path.slice(prefix.length) : `/${fillIn}`;
      const pagination = withJobPaths(stream, `${origin}${prefix}`);
      return {
        stream: { ...stream, pagination },
        path: path === '' ? '/' : path,
        query: { ...address.query, ...stream.query },
      };
    }),
  };
}

/** What a job is asked beside the call that creates it. */
const jobCalls = ['status', 'chunk', 'cancel'] as const;

function jobPaths({ pagination }: AddressedStream, origin: string): string[] {
  if (pagination.kind !== 'job') return [];
  return jobCalls.flatMap((call) => {
    const block = pagination[call];
    const path = isJsonObject(block) ? block.path : undefined;
    return typeof path === 'string' && path.startsWith(`${origin}/`) ? [path.slice(origin.length)] : [];
  });
}

function withJobPaths({ pagination, addressPlace }: AddressedStream, base: string): AddressedStream['pagination'] {
  if (pagination.kind !== 'job') return pagination;
  const calls = jobCalls.flatMap((call): [string, JsonObject][] => {
    const block = pagination[call];
    if (!isJsonObject(block) || typeof block.path !== 'string' || block.path.startsWith('/')) return [];
    if (block.path.startsWith(`${base}/`)) return [[call, { ...block, path: block.path.slice(base.length) }]];
    lost(addressPlace, `The ${call} of the job is asked for at another address than the job, and not carried.`);
    return [[call, { ...block, path: `/${fillIn}` }]];
  });
  return { ...pagination, ...Object.fromEntries(calls) };
}

function readAddress({ address, addressPlace: place, name }: AddressedStream): Address {
  const [, scheme, user, authority, placeholder, rest = ''] =
    /^(?:(https?:\/\/)([^/?#@]*@)?([^/?#]*)|(\{\w+\}))(.*)$/is.exec(address.trim()) ?? [];
  if (user !== undefined) {
    secretInClear(place, `The address of "${name}" holds a user name or password; it was not copied.`);
  }
  const origin = placeholder ?? (scheme === undefined ? undefined : `${scheme}${authority ?? ''}`);
  if (origin === undefined && !address.includes(fillIn)) {
    lost(place, `The address of "${name}" does not say where it leads.`, 'Give baseUrl in integration.yaml.');
  }
  const [path = '', query = ''] = (origin === undefined ? address : rest).split('#')[0]?.split('?', 2) ?? [];
  const steps = `/${path}`.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return { origin: origin ?? fillIn, path: steps, query: readQuery(query, place) };
}

function readQuery(text: string, place: Sent[string]['place']): Sent {
  const parts = text.split('&').filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [decoded(name), { text: decoded(value.join('=')), place }];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** The directory that all paths lie in; the last step of each stays its own, and so does what differs from call to call. */
function sharedSteps(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(1, -1));
  const differs = first.findIndex(
    (step, index) =>
      others.some((steps) => steps[index] !== step) || /\{(parent|from|to|job|chunk|fillIn)\b/.test(step),
  );
  const shared = differs === -1 ? first : first.slice(0, differs);
  return shared.map((step) => `/${step}`).join('');
}

/** The address of a token endpoint, whose host an operator may exchange. */
export function loginAddress(url: string, connection: Connection): string {
  const [, origin, rest = ''] = /^(https?:\/\/[^/?#{}]+)(.*)$/is.exec(url.trim()) ?? [];
  const [, property] = /^\{(\w+)\}/.exec(url) ?? [];
  if (property !== undefined) connection.refine(property, { format: 'base-url' });
  if (origin === undefined) return url;
  const login = connection.own('loginUrl', {
    title: 'Sign-in address',
    format: 'base-url',
    default: origin,
    help: 'Where the vendor hands out tokens; give it only for another region or a test server.',
  });
  return `${login}${rest}`;
}

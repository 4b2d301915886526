import { setTimeout } from 'node:timers/promises';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Answer, Delivery, Exchange, Silence } from './exchange.ts';
import {
  bigField,
  duplicateRows,
  elsewhere,
  emptyPages,
  foreignLink,
  loop,
  missingKey,
  notObjects,
  type PageFault,
  unknownEnums,
  wrongShape,
  wrongTypes,
} from './page-faults.ts';
import { type NamedError, namedErrors } from './sandbox-description.ts';

/** One thing that goes wrong on purpose. Knows no vendor; what vendors say comes in as {@link FaultTools}. */
export type Fault = {
  /** Before the request is looked at. `undefined`: nothing yet. */
  readonly intercept?: (exchange: Exchange) => Promise<Answer | Silence | undefined> | Answer | Silence | undefined;
  readonly changePage?: PageFault;
  readonly delivery?: () => Delivery;
  /** Jobs end in an error. */
  readonly failJobs?: true;
  /** So many chunks of a job are lost. */
  readonly loseChunks?: number;
};

export type FaultTools = {
  /** The vendor's answer of that status, with the `Retry-After` the fault wants: `undefined` takes the usual one. */
  readonly status: (status: string, exchange: Exchange, retryAfter?: RetryAfter) => Answer;
  readonly statuses: readonly string[];
  readonly html: string;
  /** Whether a request goes on with a list. */
  readonly hasPageToken: (exchange: Exchange) => boolean;
  /** Answers the description names for faults alone. */
  readonly other?: (name: string, exchange: Exchange) => Answer;
  readonly others?: readonly string[];
  /** The vendor's refusals, in the words of the family asked. */
  readonly named: (name: NamedError, exchange: Exchange) => Answer;
  /** The token endpoint's errors by the name of their rule. */
  readonly tokenRule: (name: string, exchange: Exchange) => Answer;
  readonly tokenRules: readonly string[];
  readonly now: () => Date;
};

type RetryAfter = { readonly header: string | undefined };

/** `n` is the number after the second colon. */
type FaultKind = { readonly help: string; readonly make: (n: number | undefined, tools: FaultTools) => Fault };

/** Refusals that a fault can bring about; the sandbox gives them by itself where they are due. */
const refusals = namedErrors.filter((name) => !['expired-page-token', 'unknown-route', 'wrong-version'].includes(name));

/** Every fault there is besides the statuses; `n` is optional where a default stands. */
const kinds: { readonly [name: string]: FaultKind } = {
  html: {
    help: 'an HTML page instead of JSON, with status n (200)',
    make: (n, { html }) => ({ intercept: () => page(n ?? 200, html) }),
  },
  'empty-body': { help: 'no body, with status n (200)', make: (n) => ({ intercept: () => page(n ?? 200, '') }) },
  redirect: {
    help: 'a redirect to another host, or to port n of this one',
    make: (n) => ({ intercept: ({ url }) => ({ status: 302, headers: { location: elsewhere(url, n) }, body: '' }) }),
  },
  slow: {
    help: 'every answer n milliseconds late (1000)',
    make: (n) => ({
      intercept: async () => {
        await setTimeout(n ?? 1000, undefined, { ref: false });
        return undefined;
      },
    }),
  },
  hang: { help: 'no answer, to the first n requests', make: (n) => first(n, () => 'hang') },
  'hang-up': {
    help: 'the connection closed without an answer, on the first n requests',
    make: (n) => first(n, () => 'hang-up'),
  },
  truncated: { help: 'half of the body as if it were all, n times', make: (n) => deliver('truncated', n) },
  'drop-connection': { help: 'the connection broken in mid-body, n times', make: (n) => deliver('dropped', n) },
  stalled: { help: 'half of the body, then silence, n times', make: (n) => deliver('stalled', n) },
  'expired-page-token': {
    help: 'the first n page tokens (1) have expired',
    make: (n, tools) => {
      const due = firstTimes(n ?? 1);
      return {
        intercept: (exchange) =>
          tools.hasPageToken(exchange) && due() ? tools.named('expired-page-token', exchange) : undefined,
      };
    },
  },
  loop: onPage('the next link goes back to the start of n pages (1)', (n = 1) => loop(n)),
  'foreign-link': onPage('the next link leads to another host, or to port n of this one', (n) => foreignLink(n)),
  'empty-pages': onPage('an empty page with a next link before every page', () => emptyPages()),
  'duplicate-rows': onPage('every nth row (10) sent twice, and the last of a page once more on the next', (n = 10) =>
    duplicateRows(n),
  ),
  'wrong-types': onPage('every nth row (10) with all values but the key of another type', (n = 10) => wrongTypes(n)),
  'unknown-enums': onPage('every nth row (10) with values no list knows', (n = 10) => unknownEnums(n)),
  'missing-key': onPage('every nth row (10) without its key', (n = 10) => missingKey(n)),
  'not-objects': onPage('every nth row (10) null instead of an object', (n = 10) => notObjects(n)),
  'big-field': onPage('a text of n megabytes (10) in the first row', (n = 10) => bigField(n)),
  'failed-job': { help: 'jobs end in an error', make: () => ({ failJobs: true }) },
  'lost-chunks': { help: 'n chunks (1) of a job that is done have failed', make: (n) => ({ loseChunks: n ?? 1 }) },
  'wrong-shape': onPage('an object where the list of rows should be', () => wrongShape()),
};

/**
 * Reads `<route>:<fault>[:n]`; the route `token` is the token endpoint and `*` every other route.
 *
 * @throws CannotRunError sandbox/wrong-value with the routes or faults there are.
 */
export function parseFault(
  text: string,
  routes: readonly string[],
  tools: FaultTools,
): { readonly route: string; readonly fault: Fault } {
  const [route = '', name = '', amount, ...more] = text.split(':');
  const n = amount === undefined ? undefined : Number(amount);
  if (more.length > 0 || (n !== undefined && !(Number.isSafeInteger(n) && n > 0))) {
    throw wrong(text, 'is not <route>:<fault>[:n] with a whole number n of at least 1', 'Example: *:503:2');
  }
  if (route !== '*' && route !== 'token' && !routes.includes(route)) {
    throw wrong(text, `names no route of this sandbox`, `Routes: token, *, ${routes.join(', ')}.`);
  }
  const fault = makeFault(route, name, n, tools);
  if (fault === undefined) {
    throw wrong(text, 'names no fault of this sandbox', `Faults:\n${describeFaults(route, tools).join('\n')}`);
  }
  return { route, fault };
}

/** What may stand after the first colon, one line each. */
function describeFaults(route: string, { statuses, tokenRules, others = [] }: FaultTools): readonly string[] {
  return [
    `${statuses.join(', ')}: that status, to the first n requests or always`,
    '…-every: that status, to every nth request (5)',
    '…-bare, …-date: that status without Retry-After, or with a date there',
    `${(route === 'token' ? tokenRules : [...refusals, ...others]).join(', ')}: that refusal, to the first n requests or always`,
    ...Object.entries(kinds).map(([name, { help }]) => `${name}: ${help}`),
  ];
}

function makeFault(route: string, name: string, n: number | undefined, tools: FaultTools): Fault | undefined {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return kind.make(n, tools);
  if (route === 'token' && tools.tokenRules.includes(name)) {
    return first(n, (exchange) => tools.tokenRule(name, exchange));
  }
  const { other } = tools;
  if (other !== undefined && (tools.others ?? []).includes(name)) return first(n, (exchange) => other(name, exchange));
  const refusal = refusals.find((one) => one === name);
  if (refusal !== undefined && route !== 'token') return first(n, (exchange) => tools.named(refusal, exchange));
  const [, status = '', how] = /^(\d{3})(?:-(every|bare|date))?$/.exec(name) ?? [];
  if (!tools.statuses.includes(status)) return undefined;
  return statusFault(status, how, n, tools);
}

function statusFault(status: string, how: string | undefined, n: number | undefined, tools: FaultTools): Fault {
  if (how === 'every') return every(n ?? 5, (exchange) => tools.status(status, exchange));
  return first(n, (exchange) => {
    if (how === 'bare') return tools.status(status, exchange, { header: undefined });
    if (how === 'date') return tools.status(status, exchange, { header: inOneSecond(tools.now()) });
    return tools.status(status, exchange);
  });
}

function inOneSecond(now: Date): string {
  return new Date(now.getTime() + 1000).toUTCString();
}

function first(n: number | undefined, answer: (exchange: Exchange) => Answer | Silence): Fault {
  const due = firstTimes(n);
  return { intercept: (exchange) => (due() ? answer(exchange) : undefined) };
}

function every(n: number, answer: (exchange: Exchange) => Answer): Fault {
  let count = 0;
  return {
    intercept: (exchange) => {
      count += 1;
      return count % n === 0 ? answer(exchange) : undefined;
    },
  };
}

function deliver(delivery: Delivery, n: number | undefined): Fault {
  const due = firstTimes(n);
  return { delivery: () => (due() ? delivery : 'whole') };
}

/** True for the first `n` calls; without `n`, always. */
function firstTimes(n = Number.POSITIVE_INFINITY): () => boolean {
  let left = n;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

function onPage(help: string, make: (n: number | undefined) => PageFault): FaultKind {
  return { help, make: (n) => ({ changePage: make(n) }) };
}

function page(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function wrong(text: string, what: string, hint: string): CannotRunError {
  return new CannotRunError('sandbox/wrong-value', `The sandbox fault "${text}" ${what}.`, { hint });
}

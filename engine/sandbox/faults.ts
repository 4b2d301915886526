import { setTimeout } from 'node:timers/promises';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import type { Answer, Delivery, Exchange, Silence } from './exchange.ts';
import { changeRows, isObject, type ListPage } from './list-page.ts';

/** One thing that goes wrong on purpose. Knows no vendor; what vendors say comes in as {@link FaultTools}. */
export type Fault = {
  /** Before the request is looked at. `undefined`: nothing yet. */
  readonly intercept?: (exchange: Exchange) => Promise<Answer | Silence | undefined> | Answer | Silence | undefined;
  readonly changePage?: (page: ListPage) => ListPage;
  readonly delivery?: () => Delivery;
};

export type FaultTools = {
  /** The vendor's answer of that status, with the `Retry-After` the fault wants: `undefined` takes the usual one. */
  readonly status: (status: string, exchange: Exchange, retryAfter?: RetryAfter) => Answer;
  readonly statuses: readonly string[];
  readonly html: string;
  readonly pageTokenParameter: string;
  readonly expiredPageToken: (exchange: Exchange) => Answer;
  /** The token endpoint's errors by the name of their rule. */
  readonly tokenRule: (name: string, exchange: Exchange) => Answer;
  readonly tokenRules: readonly string[];
  readonly now: () => Date;
};

type RetryAfter = { readonly header: string | undefined };

/** `n` is the number after the second colon. */
type FaultKind = { readonly help: string; readonly make: (n: number | undefined, tools: FaultTools) => Fault };

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
          exchange.url.searchParams.has(tools.pageTokenParameter) && due()
            ? tools.expiredPageToken(exchange)
            : undefined,
      };
    },
  },
  loop: { help: 'the next link goes back to the start of n pages (1)', make: (n) => ({ changePage: loop(n ?? 1) }) },
  'foreign-link': {
    help: 'the next link leads to another host, or to port n of this one',
    make: (n) => ({ changePage: (page) => ({ ...page, next: elsewhere(new URL(page.link(page)), n) }) }),
  },
  'empty-pages': { help: 'an empty page with a next link before every page', make: () => ({ changePage: pause }) },
  'duplicate-rows': {
    help: 'every nth row (10) sent twice, and the last of a page once more on the next',
    make: (n) => ({ changePage: duplicateRows(n ?? 10) }),
  },
  'wrong-types': {
    help: 'every nth row (10) with all values but the key of another type',
    make: (n) => everyRow(n ?? 10, (row, page) => mapFields(row, page, wrongType)),
  },
  'unknown-enums': {
    help: 'every nth row (10) with values no list knows',
    make: (n) => everyRow(n ?? 10, unknownEnums),
  },
  'missing-key': {
    help: 'every nth row (10) without its key',
    make: (n) => everyRow(n ?? 10, (row, page) => without(row, page.collection?.description.key)),
  },
  'not-objects': { help: 'every nth row (10) null instead of an object', make: (n) => everyRow(n ?? 10, () => null) },
  'big-field': {
    help: 'a text of n megabytes (10) in the first row',
    make: (n) => ({ changePage: (page) => bigField(page, n ?? 10) }),
  },
  'wrong-shape': {
    help: 'an object where the list of rows should be',
    make: () => ({ changePage: (page) => ({ ...page, rows: {} }) }),
  },
};

/** What `<route>:<fault>[:n]` may say after the first colon, one line each. */
export function describeFaults(statuses: readonly string[]): readonly string[] {
  return [
    `${statuses.join(', ')}: that status, to the first n requests, or always`,
    'STATUS-every: that status to every nth request (5)',
    'STATUS-bare: that status without Retry-After · STATUS-date: with a date in it',
    ...Object.entries(kinds).map(([name, { help }]) => `${name}: ${help}`),
  ];
}

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
    const rules = route === 'token' ? `; token errors: ${tools.tokenRules.join(', ')}` : '';
    const names = [...tools.statuses, ...Object.keys(kinds)].join(', ');
    throw wrong(text, 'names no fault of this sandbox', `Faults: ${names}${rules}.`);
  }
  return { route, fault };
}

function makeFault(route: string, name: string, n: number | undefined, tools: FaultTools): Fault | undefined {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return kind.make(n, tools);
  if (route === 'token' && tools.tokenRules.includes(name)) {
    return first(n, (exchange) => tools.tokenRule(name, exchange));
  }
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

function page(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function elsewhere(url: URL, port: number | undefined): string {
  const origin = port === undefined ? 'https://elsewhere.example' : `http://127.0.0.1:${port}`;
  return `${origin}${url.pathname}${url.search}`;
}

function loop(pages: number): (page: ListPage) => ListPage {
  return (page) => {
    const number = Math.floor(page.offset / page.size) + 1;
    if (number % pages !== 0 && page.next !== undefined) return page;
    const start = Math.max(0, page.offset - (pages - 1) * page.size);
    return { ...page, next: page.link({ offset: start, size: page.size, paused: false }) };
  };
}

function pause(page: ListPage): ListPage {
  if (page.paused) return page;
  const { offset, size } = page;
  return { ...page, rows: [], next: page.link({ offset, size, paused: true }) };
}

function duplicateRows(n: number): (page: ListPage) => ListPage {
  return (page) =>
    changeRows(page, (rows) => {
      const twice = rows.flatMap((row, at) => ((page.offset + at + 1) % n === 0 ? [row, row] : [row]));
      return page.offset > 0 && page.collection ? [page.collection.row(page.offset - 1), ...twice] : twice;
    });
}

function everyRow(n: number, change: (row: JsonObject, page: ListPage) => JsonValue): Fault {
  return {
    changePage: (page) =>
      changeRows(page, (rows) =>
        rows.map((row, at) => ((page.offset + at + 1) % n === 0 && isObject(row) ? change(row, page) : row)),
      ),
  };
}

function mapFields(row: JsonObject, page: ListPage, change: (value: JsonValue) => JsonValue): JsonObject {
  const key = page.collection?.description.key;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name === key ? value : change(value)]));
}

function wrongType(value: JsonValue): JsonValue {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'number') return `about ${value}`;
  return Array.isArray(value) ? 'a list' : 12;
}

function unknownEnums(row: JsonObject, page: ListPage): JsonObject {
  const invented = (page.collection?.description.enums ?? [])
    .filter((name) => name in row)
    .map((name) => [name, Array.isArray(row[name]) ? ['inventedTomorrow'] : 'inventedTomorrow']);
  // Object.fromEntries loses the types of the pairs above.
  return { ...row, ...(Object.fromEntries(invented) as JsonObject) };
}

function without(row: JsonObject, key: string | undefined): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));
}

function bigField(page: ListPage, megabytes: number): ListPage {
  const name = page.collection?.description.bigField;
  if (page.offset > 0 || name === undefined) return page;
  const text = 'x'.repeat(megabytes * 1_000_000);
  return changeRows(page, ([row, ...rest]) => (isObject(row) ? [{ ...row, [name]: text }, ...rest] : rest));
}

function wrong(text: string, what: string, hint: string): CannotRunError {
  return new CannotRunError('sandbox/wrong-value', `The sandbox fault "${text}" ${what}.`, { hint });
}

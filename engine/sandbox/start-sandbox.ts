import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { checkDescription } from './check-description.ts';
import { registerCertificate } from './client-assertion.ts';
import { makeCollections } from './collection.ts';
import { deliver } from './deliver.ts';
import type { Answer, Delivery, Exchange, Silence } from './exchange.ts';
import { type Fault, type FaultTools, parseFault } from './faults.ts';
import { fillTexts, type Values } from './fill.ts';
import { compilePath, type PathMatch, readCall } from './match-path.ts';
import type { SandboxDescription } from './sandbox-description.ts';
import { refusal, type Service, serveRoute } from './serve-route.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { answerTokenRequest, type TokenSettings, tokenError } from './token-endpoint.ts';
import { errorAnswer, namedError } from './vendor-errors.ts';

export type SandboxOptions = {
  /** The parsed `sandbox.yaml`. */
  readonly description: unknown;
  /** The parsed `schemas/sandbox.schema.json`. */
  readonly schema: unknown;
  /** How large the invented tenant is; what one unit means stands in the description. */
  readonly scale?: number;
  /** The same seed gives the same data. */
  readonly seed?: number;
  /** Default: any free port. */
  readonly port?: number;
  /** Permissions that were not granted. */
  readonly without?: readonly string[];
  /** Permissions granted beyond those of the description. */
  readonly also?: readonly string[];
  /** `<route>:<fault>[:n]`, see {@link parseFault}. */
  readonly faults?: readonly string[];
  /** Let the application call what is only for signed-in users, to compare with what is derived. */
  readonly allowDelegatedOnly?: boolean;
  /** The tenant has not bought what some routes need. */
  readonly unlicensed?: boolean;
  /** Enforce the vendor's limits. */
  readonly throttle?: boolean;
  readonly tokenLifetimeSeconds?: number;
  /** What faults write into `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly credentials?: {
    readonly secretExpired?: boolean;
    /** PEM certificates the application is registered with; without any, every client assertion is refused. */
    readonly certificates?: readonly string[];
  };
  readonly now?: () => Date;
};

/** A stand-in vendor at work. */
export type Sandbox = {
  readonly origin: string;
  /** The connection properties that make the integration's feed talk to it. */
  readonly connection: { readonly [property: string]: string };
  /** What was asked so far, by route; also `token` and `unknown`. */
  requests: () => { readonly [route: string]: RouteCount };
  close: () => Promise<void>;
};

export type RouteCount = {
  readonly requests: number;
  /** Status → answers. What got no answer is missing here. */
  readonly statuses: { readonly [status: string]: number };
};

/**
 * Serves an integration's stand-in vendor on loopback: invented data, the vendor's documented behaviour and errors.
 *
 * @throws CannotRunError sandbox/wrong-value for a description or option that is not understood.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const description = withOptions(checkDescription(options.description, options.schema), options);
  const counts: { [route: string]: { requests: number; statuses: { [status: string]: number } } } = {};
  const handle = makeHandler(description, options, (route, status) => {
    const count = (counts[route] ??= { requests: 0, statuses: {} });
    if (status === undefined) count.requests += 1;
    else count.statuses[status] = (count.statuses[status] ?? 0) + 1;
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A mistake in the description; said where whoever wrote it will look.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  // Longer than any pause of a patient client, so that a reused connection is never closed under a request.
  server.keepAliveTimeout = 65_000;
  const origin = await listen(server, options.port ?? 0);
  return {
    origin,
    connection: fillTexts(description.connection, { ...description.values, origin }),
    requests: () => counts,
    close: () => close(server),
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

type Count = (route: string, status?: number) => void;

/** Finds out who is asked for, lets faults go first, and sends the answer. */
function makeHandler(description: SandboxDescription, options: SandboxOptions, count: Count) {
  const now = options.now ?? (() => new Date());
  const service = makeService(description, options, now);
  const tokenSettings: TokenSettings = {
    key: service.key,
    lifetimeSeconds: description.token.lifetimeSeconds,
    secretExpired: options.credentials?.secretExpired ?? false,
    certificates: (options.credentials?.certificates ?? []).map(registerCertificate),
    now,
  };
  const faultsOf = readFaults(description, options.faults ?? [], now);
  const throttles = makeThrottles(description, options.throttle ?? false);
  const readTokenPath = compilePath(description.token.path);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const exchange = await readExchange(request, description, service, now);
    const tokenPath = exchange.method === 'POST' ? readTokenPath(exchange.url.pathname) : undefined;
    const found = tokenPath === undefined ? findRoute(description, exchange) : undefined;
    const name = tokenPath === undefined ? (found?.name ?? 'unknown') : 'token';
    count(name);
    const faults = faultsOf(name);
    const outcome = (await intercept(faults, exchange)) ?? (await answer(exchange, tokenPath, found, faults));
    if (typeof outcome !== 'string') count(name, outcome.status);
    deliver(response, outcome, fillTexts(description.headers, exchange.values), deliveryOf(faults));
  };

  async function answer(
    exchange: Exchange,
    tokenPath: PathMatch | undefined,
    found: FoundRoute | undefined,
    faults: readonly Fault[],
  ): Promise<Answer> {
    if (tokenPath !== undefined) return answerTokenRequest(description.token, tokenSettings, exchange, tokenPath);
    if (found === undefined) return answerUnknown(service, exchange);
    const family = required(description.families[found.route.family]);
    const waitSeconds = throttles.get(found.route.family)?.(now());
    if (waitSeconds !== undefined) {
      return namedError(description.errors, family, 'throttled', exchange, { retryAfter: String(waitSeconds) });
    }
    return serveRoute({ service, exchange, family, faults, ...found });
  }
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
  throw new CannotRunError(
    'sandbox/wrong-value',
    `The sandbox grants no permission "${unknown}" that could be taken.`,
    {
      hint: `It grants ${granted.join(', ')}.`,
    },
  );
}

function readFaults(
  description: SandboxDescription,
  texts: readonly string[],
  now: () => Date,
): (route: string) => readonly Fault[] {
  const routes = Object.keys(description.routes);
  const tools = makeFaultTools(description, now);
  const faults = texts.map((text) => parseFault(text, routes, tools));
  return (name) => {
    const every = name === 'token' ? 'token' : '*';
    return faults.filter(({ route }) => route === name || route === every).map(({ fault }) => fault);
  };
}

function makeFaultTools({ errors, paging, token }: SandboxDescription, now: () => Date): FaultTools {
  return {
    status: (status, exchange, retryAfter) => {
      const answer = errorAnswer(errors, required(errors.byStatus[status]), exchange);
      return retryAfter === undefined ? answer : withRetryAfter(answer, retryAfter.header);
    },
    statuses: Object.keys(errors.byStatus),
    html: errors.html,
    pageTokenParameter: paging.tokenParameter,
    expiredPageToken: (exchange) => namedError(errors, undefined, 'expired-page-token', exchange),
    tokenRule: (name, exchange) =>
      tokenError(token, required(token.rules.find((rule) => rule.name === name)), exchange),
    tokenRules: token.rules.map(({ name }) => name),
    now,
  };
}

function withRetryAfter(answer: Answer, value: string | undefined): Answer {
  const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'retry-after');
  return {
    ...answer,
    headers: { ...Object.fromEntries(others), ...(value === undefined ? {} : { 'retry-after': value }) },
  };
}

function makeThrottles({ families }: SandboxDescription, enforced: boolean): ReadonlyMap<string, Throttle> {
  if (!enforced) return new Map();
  return new Map(Object.entries(families).map(([name, { limit }]) => [name, createThrottle(limit)] as const));
}

type FoundRoute = Pick<Parameters<typeof serveRoute>[0], 'name' | 'route' | 'call'>;

function findRoute({ routes }: SandboxDescription, { url }: Exchange): FoundRoute | undefined {
  const call = readCall(url.pathname);
  if (call === undefined) return undefined;
  for (const [name, route] of Object.entries(routes)) {
    if (compilePath(route.path)(call.path) !== undefined) return { name, route, call };
  }
  return undefined;
}

function answerUnknown(service: Service, exchange: Exchange): Answer {
  const segment = exchange.url.pathname.split('/').at(-1);
  const name = refusal(service, exchange) ?? 'unknown-route';
  return namedError(service.description.errors, undefined, name, exchange, { segment });
}

async function intercept(faults: readonly Fault[], exchange: Exchange): Promise<Answer | Silence | undefined> {
  for (const fault of faults) {
    const outcome = await fault.intercept?.(exchange);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function deliveryOf(faults: readonly Fault[]): Delivery {
  return faults.map((fault) => fault.delivery?.() ?? 'whole').find((delivery) => delivery !== 'whole') ?? 'whole';
}

async function readExchange(
  request: IncomingMessage,
  description: SandboxDescription,
  { granted }: Service,
  now: () => Date,
): Promise<Exchange> {
  const chunks: Buffer[] = [];
  // A request without an encoding set gives buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const origin = originOf(request);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', origin),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
    values: {
      ...description.values,
      origin,
      ...idsOf(request, description),
      ...timesOf(now()),
      granted: roles(granted),
    },
  };
}

/** The address we listen at, whatever the client called us. */
function originOf({ socket }: IncomingMessage): string {
  return `http://${socket.localAddress ?? ''}:${socket.localPort ?? ''}`;
}

function idsOf({ headers }: IncomingMessage, { clientRequestIdHeader }: SandboxDescription): Values {
  const requestId: string = randomUUID();
  const sent = headers[clientRequestIdHeader.toLowerCase()];
  return { requestId, clientRequestId: typeof sent === 'string' ? sent : requestId };
}

function timesOf(now: Date): Values {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return {
    nowSeconds: Math.floor(now.getTime() / 1000),
    nowWithoutZone: `${date}T${time}`,
    nowWithSpace: `${date} ${time}Z`,
  };
}

/** No claim at all, rather than an empty one, where nothing was granted. */
function roles(granted: ReadonlySet<string>): string[] | undefined {
  return granted.size === 0 ? undefined : [...granted];
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CannotRunError('sandbox/wrong-value', `The sandbox cannot listen on port ${port}.`, {
          hint: 'Choose another port, or leave it out for a free one.',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? port) : port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Answers that hang on purpose would keep it open for ever.
    server.closeAllConnections();
  });
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The sandbox description was not checked.');
  return value;
}

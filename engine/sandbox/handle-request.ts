import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, isControl } from './control.ts';
import { deliver } from './deliver.ts';
import type { Answer, Delivery, Exchange, Silence } from './exchange.ts';
import type { Fault } from './faults.ts';
import { fillTexts, type Values } from './fill.ts';
import { type FoundRoute, findRoute } from './find-route.ts';
import type { Vendor } from './make-vendor.ts';
import { compilePath, type PathMatch } from './match-path.ts';
import { readExchange } from './read-exchange.ts';
import { refusal, serveRoute } from './serve-route.ts';
import { refuse, type Service, type Visit } from './service.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import { namedError } from './vendor-errors.ts';

/** Called without a status when a request comes, with one when it is answered. */
export type Count = (route: string, status?: number) => void;

/** Finds out who is asked, lets faults go first, and sends the answer. */
export async function handleRequest(
  vendor: Vendor,
  request: IncomingMessage,
  response: ServerResponse,
  count: Count,
): Promise<void> {
  const { description, granted, now } = vendor.service;
  const exchange = await readExchange(request, description, granted, now());
  if (isControl(exchange)) {
    deliver(response, answerControl(vendor, exchange), {}, 'whole');
    return;
  }
  const tokenPath = readTokenPath(vendor, exchange);
  const found = tokenPath === undefined ? findRoute(description, exchange) : undefined;
  const name = tokenPath === undefined ? (found?.name ?? 'unknown') : 'token';
  count(name);
  const leave = enter(vendor, found, response);
  const faults = vendor.faultsOf(name);
  const answer = (): Answer | Promise<Answer> =>
    tokenPath === undefined || description.token === undefined
      ? answerSource(vendor, exchange, found, faults)
      : answerTokenRequest(description.token, vendor.tokenSettings, exchange, tokenPath);
  const outcome = (await intercept(faults, exchange)) ?? (await answer());
  leave();
  if (typeof outcome !== 'string') count(name, outcome.status);
  deliver(response, outcome, fillTexts(description.headers, exchange.values), deliveryOf(faults));
}

function readTokenPath({ service }: Vendor, { method, url }: Exchange): PathMatch | undefined {
  const { token } = service.description;
  return token !== undefined && method === 'POST' ? compilePath(token.path)(url.pathname) : undefined;
}

/** Counts who is inside at once. */
function enter({ inside }: Vendor, found: FoundRoute | undefined, response: ServerResponse): () => void {
  const name = found?.route.family ?? '';
  let present = true;
  const leave = (): void => {
    if (present) inside.set(name, (inside.get(name) ?? 1) - 1);
    present = false;
  };
  inside.set(name, (inside.get(name) ?? 0) + 1);
  response.once('close', leave);
  return leave;
}

async function answerSource(
  vendor: Vendor,
  exchange: Exchange,
  found: FoundRoute | undefined,
  faults: readonly Fault[],
): Promise<Answer> {
  const { service } = vendor;
  if (found === undefined) return answerUnknown(service, exchange);
  const limits = readLimits(vendor, found);
  const visit: Visit = { service, exchange, faults, limits: limits.values, ...found };
  if (limits.crowded) return refuse(visit, 'too-many-at-once');
  if (limits.full) return refuse(visit, 'throttled');
  return serveRoute(visit, (inner) => {
    const route = findRoute(service.description, inner);
    return answerSource(vendor, inner, route, vendor.faultsOf(route?.name ?? 'unknown'));
  });
}

type Limits = { readonly values: Values; readonly full: boolean; readonly crowded: boolean };

/** What is left of the family's limit. Where limits are not enforced, all of it, always. */
function readLimits({ service, throttles, inside }: Vendor, { route, family }: FoundRoute): Limits {
  const nowMs = service.now().getTime();
  const { requests = 0, perSeconds = 0, concurrency = Number.POSITIVE_INFINITY } = family.limit ?? {};
  const quota = throttles.get(route.family)?.(service.now());
  const waitSeconds = quota?.waitSeconds ?? service.description.errors.retryAfterSeconds;
  const reset = Math.ceil(nowMs / 1000) + (quota?.resetSeconds ?? perSeconds);
  const values = {
    limit: requests,
    remaining: quota?.remaining ?? requests,
    reset,
    resetMs: reset * 1000,
    retryAfter: String(waitSeconds),
    retryAtSeconds: Math.ceil(nowMs / 1000 + waitSeconds),
    retryAtMs: Math.ceil(nowMs + waitSeconds * 1000),
  };
  const crowded = throttles.size > 0 && (inside.get(route.family) ?? 0) > concurrency;
  return { values, full: quota?.waitSeconds !== undefined, crowded };
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

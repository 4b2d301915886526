import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliver } from './deliver.ts';
import type { Answer, Delivery, Exchange, Silence } from './exchange.ts';
import type { Fault } from './faults.ts';
import { fillTexts } from './fill.ts';
import { type FoundRoute, findRoute } from './find-route.ts';
import type { Vendor } from './make-vendor.ts';
import { compilePath } from './match-path.ts';
import { readExchange } from './read-exchange.ts';
import { refusal, type Service, serveRoute } from './serve-route.ts';
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
  const tokenPath = exchange.method === 'POST' ? compilePath(description.token.path)(exchange.url.pathname) : undefined;
  const found = tokenPath === undefined ? findRoute(description, exchange) : undefined;
  const name = tokenPath === undefined ? (found?.name ?? 'unknown') : 'token';
  count(name);
  const faults = vendor.faultsOf(name);
  const answer = (): Answer | Promise<Answer> =>
    tokenPath === undefined
      ? answerSource(vendor, exchange, found, faults)
      : answerTokenRequest(description.token, vendor.tokenSettings, exchange, tokenPath);
  const outcome = (await intercept(faults, exchange)) ?? (await answer());
  if (typeof outcome !== 'string') count(name, outcome.status);
  deliver(response, outcome, fillTexts(description.headers, exchange.values), deliveryOf(faults));
}

async function answerSource(
  { service, throttles }: Vendor,
  exchange: Exchange,
  found: FoundRoute | undefined,
  faults: readonly Fault[],
): Promise<Answer> {
  if (found === undefined) return answerUnknown(service, exchange);
  const { route, family } = found;
  const waitSeconds = throttles.get(route.family)?.(service.now());
  if (waitSeconds === undefined) return serveRoute({ service, exchange, faults, ...found });
  const retryAfter = String(waitSeconds);
  return namedError(service.description.errors, family, 'throttled', exchange, { retryAfter });
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

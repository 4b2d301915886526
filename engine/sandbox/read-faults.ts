import type { Answer } from './exchange.ts';
import { type Fault, type FaultTools, parseFault } from './faults.ts';
import type { Values } from './fill.ts';
import { findRoute } from './find-route.ts';
import { readText } from './read-parameter.ts';
import type { SandboxDescription } from './sandbox-description.ts';
import { tokenError } from './token-endpoint.ts';
import { errorAnswer, namedError } from './vendor-errors.ts';

/** The faults of each route, speaking with the vendor's voice. */
export function readFaults(
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

function makeFaultTools(description: SandboxDescription, now: () => Date): FaultTools {
  const { errors, paging, token } = description;
  return {
    status: (status, exchange, retryAfter) => {
      const answer = errorAnswer(errors, required(errors.byStatus[status]), exchange);
      return retryAfter === undefined ? answer : withRetryAfter(answer, retryAfter.header);
    },
    statuses: Object.keys(errors.byStatus),
    html: errors.html,
    hasPageToken: (exchange) => {
      const { answer } = findRoute(description, exchange)?.route ?? {};
      const own = answer !== undefined && 'paging' in answer ? answer.paging.tokenParameter : undefined;
      return readText(exchange, own ?? paging.tokenParameter) !== undefined;
    },
    other: (name, exchange) => errorAnswer(errors, required(errors.others[name]), exchange),
    others: Object.keys(errors.others),
    named: (name, exchange) => {
      const { route, family } = findRoute(description, exchange) ?? {};
      return namedError(errors, family, name, exchange, { ...refusalValues, permission: route?.permissions[0] });
    },
    tokenRule: (name, exchange) =>
      tokenError(required(token), required(token?.rules.find((rule) => rule.name === name)), exchange),
    tokenRules: (token?.rules ?? []).map(({ name }) => name),
    now,
  };
}

/** What a refusal may speak of, where nothing has happened that would say more. */
const refusalValues: Values = {
  ...{ segment: undefined, version: undefined, parameter: undefined, maxPageSize: undefined, max: undefined },
  ...{ id: undefined, job: undefined, chunk: undefined, activeJob: undefined, resync: undefined },
  ...{ limit: 0, remaining: 0, reset: 0, resetMs: 0, retryAtSeconds: 0, retryAtMs: 0 },
};

function withRetryAfter(answer: Answer, value: string | undefined): Answer {
  const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'retry-after');
  return {
    ...answer,
    headers: { ...Object.fromEntries(others), ...(value === undefined ? {} : { 'retry-after': value }) },
  };
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The sandbox description was not checked.');
  return value;
}

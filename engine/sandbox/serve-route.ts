import { type Caller, judgeRequest } from './auth/judge-request.ts';
import type { Answer, Exchange } from './exchange.ts';
import { readArguments } from './match-path.ts';
import type { NamedError } from './sandbox-description.ts';
import { type Dispatch, serveBatch } from './serve-batch.ts';
import { serveDelta } from './serve-delta.ts';
import { serveDetails } from './serve-details.ts';
import { cancelJob, createJob, serveJobChunk, serveJobStatus } from './serve-job.ts';
import { serveList } from './serve-list.ts';
import { serveNothing, serveSummary } from './serve-summary.ts';
import { answerBody, fillBody, refuse, type Service, type Visit } from './service.ts';

/** The vendor's checks in the vendor's order, then the data. */
export async function serveRoute(visit: Visit, dispatch: Dispatch): Promise<Answer> {
  const { service, exchange, route, call } = visit;
  const judged = judgeRequest(service, exchange);
  const refused = 'refused' in judged ? judged.refused : (wrongCall(visit) ?? forbidden(visit, judged));
  if (refused !== undefined) return refuse(visit, refused, { permission: route.permissions[0] });
  const given = readArguments(call, route);
  if (given === undefined) return refuse(visit, 'bad-argument');
  const { answer } = route;
  switch (answer.kind) {
    case 'list':
      return serveList(visit, answer);
    case 'delta':
      return serveDelta(visit, answer);
    case 'details':
      return serveDetails(visit, answer);
    case 'job':
      return createJob(visit, answer);
    case 'job-status':
      return serveJobStatus(visit, answer);
    case 'job-chunk':
      return serveJobChunk(visit, answer);
    case 'job-cancel':
      return cancelJob(visit, answer);
    case 'batch':
      return serveBatch(visit, answer, dispatch);
    case 'summary':
      return serveSummary(visit, answer, given);
    case 'body':
      return answerBody(visit, fillBody(visit, answer.body, visit.given));
    case 'empty':
      return serveNothing(visit);
    default:
      return answer satisfies never;
  }
}

/** Why the request would be let in nowhere. */
export function refusal(service: Service, exchange: Exchange): NamedError | undefined {
  const judged = judgeRequest(service, exchange);
  return 'refused' in judged ? judged.refused : undefined;
}

function wrongCall({ exchange, route, call }: Visit): NamedError | undefined {
  if (route.versions.length > 0 && !route.versions.includes(call.version)) return 'wrong-version';
  return exchange.method === route.method ? undefined : 'wrong-method';
}

function forbidden({ service, route, family }: Visit, { scopes }: Caller): NamedError | undefined {
  const held = (name: string): boolean => service.granted.has(name) && (scopes?.includes(name) ?? true);
  if (route.permissions.length > 0 && !route.permissions.some(held)) return 'missing-permission';
  if (route.appOnly === 'refused' && !service.allowDelegatedOnly) return 'app-only-refused';
  return service.unlicensed && family.licensed ? 'unlicensed' : undefined;
}

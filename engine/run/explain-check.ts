import type { Stream } from '../descriptor/descriptor.ts';
import type { Standing } from '../permissions/standing.ts';
import type { Probed } from './probe-stream.ts';
import type { CheckCause } from './requests.ts';
import type { Reason } from './run-report.ts';

export type Token = {
  /** `undefined`: the token does not tell. */
  readonly granted: readonly string[] | undefined;
  readonly consentUrl: string | undefined;
};

export type Explained = { readonly cause: CheckCause; readonly whatToDo: string; readonly reason?: Reason };

/**
 * Why a stream is not ready and what to do, from what the token carries and what the source answered: a vendor's 403
 * has the same words for half a dozen causes. `undefined`: nothing is wrong.
 */
export function explainProbe(
  stream: Stream,
  { ended, httpStatus, vendorCode }: Probed,
  standing: Standing,
  token: Token,
): Explained | undefined {
  const { ending, reason } = ended;
  const told = reason === undefined ? {} : { reason };
  switch (ending) {
    case 'complete':
      return undefined;
    case 'unlicensed':
      return { cause: 'licence', whatToDo: `get ${stream.licence ?? 'the licence'}`, ...told };
    case 'retired':
      return { cause: 'retirement', whatToDo: instead(stream), ...told };
    case 'skipped':
      // Without an address there is nothing to ask, and nothing wrong.
      if (reason === undefined) return undefined;
      return { cause: 'not-offered', whatToDo: 'leave it out of this connection', ...told };
    case 'stopped':
    case 'failed':
      return { cause: httpStatus === 401 ? 'token' : 'source', whatToDo: 'see below', ...told };
    case 'denied': {
      const denied = explainDenial(stream, httpStatus, standing, token);
      if (denied === undefined || reason === undefined) return { ...asAnswered(stream, httpStatus), ...told };
      const { cause, whatToDo, message, hint } = denied;
      const answer = `The source answered ${[httpStatus, vendorCode].filter((fact) => fact !== undefined).join(', ')}.`;
      return { cause, whatToDo, reason: { ...reason, message: `${message} ${answer}`, hint } };
    }
    default:
      return ending satisfies never;
  }
}

/** What a stream that its endpoint refuses is worth when it can be computed all the same. */
export function computedFrom(from: string): string {
  return `nothing: it is computed from ${from}`;
}

/** What to do for it where the stream it is computed from was not ready, or not asked. */
export function computableFrom(from: string, asked: boolean): string {
  return asked ? `make ${from} ready: it is computed from it` : `check ${from} as well: it is computed from it`;
}

type Denial = { cause: CheckCause; whatToDo: string; message: string; hint: string };

/** `undefined` where the answer itself says it best. */
function explainDenial(
  stream: Stream,
  httpStatus: number | undefined,
  { missing }: Standing,
  { granted, consentUrl }: Token,
): Denial | undefined {
  if (httpStatus === 401 || stream.grant === 'delegated' || granted === undefined) return undefined;
  const link = consentUrl === undefined ? '' : `: ${consentUrl}`;
  if (granted.length === 0) {
    const needs = stream.permissions.join(' and ');
    return {
      cause: 'consent',
      whatToDo: 'have an administrator consent',
      message: 'The token carries no permission at all: nobody has consented for this application yet.',
      hint: `Add ${needs === '' ? 'the permissions' : needs} to the application, then have an administrator consent${link}`,
    };
  }
  if (missing.length > 0) {
    const names = missing.join(' and ');
    return {
      cause: 'permission',
      whatToDo: `grant ${names}`,
      message: `The token does not carry ${names}.`,
      hint: `Add ${names} to the application, as an application permission, then have an administrator consent${link}`,
    };
  }
  const look = `whether ${stream.licence === undefined ? '' : `the tenant has ${stream.licence}, and whether `}a policy blocks the application`;
  return {
    cause: 'licence-or-delay',
    whatToDo: `wait some minutes, then look at ${stream.licence === undefined ? 'policies' : 'licences'}`,
    message: 'The token carries what the stream needs, and the source refuses all the same.',
    hint: `A grant takes some minutes to count: check again. If it stays so, look ${look}, and quote the request id to the vendor.`,
  };
}

function asAnswered({ grant }: Stream, httpStatus: number | undefined): Explained {
  if (httpStatus === 401) return { cause: 'token', whatToDo: 'see below' };
  if (grant === 'delegated') return { cause: 'delegated-only', whatToDo: 'leave it out' };
  return { cause: 'consent-or-permission', whatToDo: 'see below' };
}

function instead({ deprecation }: Stream): string {
  return deprecation?.successor === undefined ? 'leave it out' : `read ${deprecation.successor} instead`;
}

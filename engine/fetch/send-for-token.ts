import type { ErrorReading, Retry } from '../descriptor/descriptor.ts';
import type { HttpAnswer, HttpRequest } from '../records.ts';
import { answerError, isSuccess } from './answer-error.ts';
import type { Clock } from './clock.ts';
import { FetchError } from './fetch-error.ts';
import type { HttpClient } from './http-client.ts';
import { looksLikeHtml } from './parse-json.ts';
import { requestName } from './request-name.ts';
import { withRetries } from './retry.ts';

export type TokenSendOptions = {
  readonly http: HttpClient;
  readonly errors: ErrorReading;
  readonly retry: Retry;
  /** Fills the placeholders of the error rules' texts; must not throw. */
  readonly fill: (template: string) => string;
  readonly requestIdHeader?: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
};

/** All streams wait for the token, so patience is shorter here than for a stream. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Sends token requests, by the same retry table as any other. What comes back is a success, not yet read; everything
 * else throws a {@link FetchError}. Secrets are given with each request, to be masked in what the answer says.
 */
export function createTokenSend(options: TokenSendOptions) {
  const { clock, random, signal } = options;
  const budgetSeconds = Math.min(options.retry.budgetSeconds, LONGEST_WAIT_SECONDS);
  const retry = { ...options.retry, budgetSeconds };
  return async (request: HttpRequest, secrets: readonly string[]): Promise<HttpAnswer> => {
    const attempt = async (): Promise<HttpAnswer> => {
      const answer = await sendOnce(request, options);
      if (!isSuccess(answer)) throw refusal(request, answer, secrets, options);
      return answer;
    };
    return withRetries(attempt, { retry, budget: { spentMs: 0 }, clock, random, signal });
  };
}

async function sendOnce(request: HttpRequest, { http, errors, fill, signal }: TokenSendOptions): Promise<HttpAnswer> {
  try {
    return await http.send(request, signal);
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    // A redirect that was not followed: vendors send a tenant of another region away like this.
    const rule = errors.rules.find(({ status = [] }) => status.includes(error.httpStatus ?? 0));
    throw rule === undefined ? error : error.with({ sentence: fill(rule.message), hint: fill(rule.hint) });
  }
}

function refusal(
  request: HttpRequest,
  answer: HttpAnswer,
  secrets: readonly string[],
  { errors, retry, fill, requestIdHeader }: TokenSendOptions,
): FetchError {
  const name = requestName(request);
  const error = answerError(answer, retry, { reading: errors, requestName: name, fill, secrets, requestIdHeader });
  const isPage = looksLikeHtml(answer.body.toString('utf8'), answer.headers['content-type'] ?? '');
  if (error.retryable || !isPage) return error;
  return new FetchError('fetch/not-json', `${name} answered ${answer.status} with an HTML page.`, {
    httpStatus: answer.status,
    hint: 'A proxy or a sign-in page may stand between; open the address from this machine, and check it.',
  });
}

import { newTally, type RequestSigner } from '../../engine/fetch/ask-source.ts';
import { createHttpClient, type HttpClient, type HttpSettings } from '../../engine/fetch/http-client.ts';
import type { ReadPagesOptions } from '../../engine/fetch/reading.ts';
import type { ErrorReading, Retry } from '../../engine/descriptor/descriptor.ts';
import { testClock } from './clock.ts';

/** Settings of everyday size; a test overrides what it is about. */

export const everydayRetry: Retry = {
  maxTries: 4,
  budgetSeconds: 300,
  baseDelayMs: 1000,
  maxDelayMs: 30_000,
  statuses: [429, 500, 502, 503, 504],
  after: [],
};

export const noRules: ErrorReading = {
  codePointers: [],
  messagePointers: [],
  requestIdPointers: [],
  failedWhen: [],
  rules: [],
};

export const unsigned: RequestSigner = {
  sign: (request) => Promise.resolve(request),
  renew: () => false,
  secrets: () => [],
};

export function httpClient(
  allowedOrigins: readonly string[],
  settings: Partial<HttpSettings> = {},
  now = () => new Date(),
): HttpClient {
  const everyday = {
    connectTimeoutMs: 5_000,
    responseTimeoutMs: 5_000,
    bodyTimeoutMs: 5_000,
    maxPageBytes: 20_000_000,
    userAgent: 'sluice-test',
    allowedOrigins,
  };
  return createHttpClient({ ...everyday, ...settings }, now);
}

export type EssentialOptions = Pick<ReadPagesOptions, 'http'> & Partial<ReadPagesOptions> & { readonly url: URL };

export function readOptions({ url, ...essential }: EssentialOptions): ReadPagesOptions {
  return {
    call: () => ({ method: 'GET', url }),
    build: () => ({ method: 'GET', url }),
    maxPageBytes: 20_000_000,
    headers: {},
    pagination: { kind: 'single-page' },
    records: { kind: 'rows', pointer: '/value' },
    errors: noRules,
    retry: everydayRetry,
    signer: unsigned,
    fill: (template) => template,
    tally: newTally(),
    clock: testClock(),
    random: () => 1,
    newUuid: () => '11111111-aaaa-4bbb-8ccc-222222222222',
    ...essential,
  };
}

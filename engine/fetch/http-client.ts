import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Response } from 'got';
import type { HttpAnswer, HttpRequest } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { networkError } from './network-error.ts';
import { parseUrl } from './parse-url.ts';
import { requestName } from './request-name.ts';
import { unpackBody } from './unpack-body.ts';

export type HttpSettings = {
  readonly connectTimeoutMs: number;
  /** From the request's last byte to the answer's first. */
  readonly responseTimeoutMs: number;
  /** From the answer's first byte to its last. */
  readonly bodyTimeoutMs: number;
  /** Counted after decompression. */
  readonly maxPageBytes: number;
  readonly userAgent: string;
  /** Nothing is ever sent elsewhere. */
  readonly allowedOrigins: readonly string[];
};

/** Told as it happens; a redirect begins anew. */
export type Progress = {
  /** The request's last byte has left. */
  sent(): void;
  /** The answer's first byte is there. */
  answered(): void;
};

export interface HttpClient {
  /**
   * One try. Any status is an answer; only what lies below or around HTTP throws: a {@link FetchError}, or
   * `signal.reason`.
   */
  send(request: HttpRequest, signal?: AbortSignal, progress?: Progress): Promise<HttpAnswer>;
  /** Ends the connections kept alive. */
  close(): void;
}

const MOST_REDIRECTS = 3;

/** The only door to the network. */
export function createHttpClient(settings: HttpSettings, now = () => new Date()): HttpClient {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    async send(request, signal, progress) {
      let current = request;
      for (let redirects = 0; ; redirects++) {
        refuseForeign(current.url, settings.allowedOrigins);
        const answer = { ...(await sendOnce(current, settings, agents, signal, progress)), receivedAt: now() };
        const target = redirectTarget(current, answer);
        if (target === undefined) return answer;
        if (redirects === MOST_REDIRECTS) throw tooManyRedirects(request);
        current = { ...current, url: target };
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function refuseForeign(url: URL, allowedOrigins: readonly string[]): void {
  if (!allowedOrigins.includes(url.origin) || url.username !== '' || url.password !== '') {
    throw new FetchError(
      'fetch/foreign-link',
      `Nothing was sent to ${url.origin}: it is no address of this integration.`,
      {
        hint: 'Check the addresses of the connection; if the vendor has moved, the descriptor must be changed.',
      },
    );
  }
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw new FetchError('fetch/foreign-link', `Nothing was sent to ${url.origin}: it is not https.`, {
      hint: 'Use https; plain http is for loopback addresses only.',
    });
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

async function sendOnce(
  request: HttpRequest,
  settings: HttpSettings,
  agents: { http: HttpAgent; https: HttpsAgent },
  signal: AbortSignal | undefined,
  progress: Progress | undefined,
): Promise<Omit<HttpAnswer, 'receivedAt'>> {
  signal?.throwIfAborted();
  const { connectTimeoutMs: connect, responseTimeoutMs: response, bodyTimeoutMs: read } = settings;
  const stream = got.stream(request.url, {
    method: request.method,
    headers: { 'user-agent': settings.userAgent, 'accept-encoding': 'gzip', ...request.headers },
    // A POST without a body is sent as an empty one: got would wait for somebody to write it.
    ...(request.method === 'GET' ? {} : { body: request.body ?? '' }),
    timeout: { lookup: connect, connect, secureConnect: connect, send: response, response, read },
    agent: agents,
    decompress: false,
    strictContentLength: true,
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
  });
  let head: Response | undefined;
  stream.once('response', (answer: Response) => {
    head = answer;
    progress?.answered();
  });
  stream.once('request', (sending: ClientRequest) => sending.once('finish', () => progress?.sent()));
  // Not got's own `signal`: it keeps listening after the answer, and an interrupt later on would crash the process.
  const stop = (): void => void stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  // What goes wrong while the stream is read is thrown by the reading; what comes after it concerns nobody.
  stream.on('error', () => undefined);
  let body: Buffer;
  try {
    const packed = await readBody(stream, request, settings.maxPageBytes);
    body = await unpackBody(packed, head?.headers['content-encoding'], settings.maxPageBytes);
  } catch (error) {
    stream.destroy();
    signal?.throwIfAborted();
    if (isTooLarge(error)) throw tooLarge(request, settings.maxPageBytes);
    throw error instanceof FetchError ? error : networkError(requestName(request), error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (head === undefined) throw networkError(requestName(request), undefined);
  return { status: head.statusCode, headers: plainHeaders(head.headers), body };
}

async function readBody(stream: AsyncIterable<Buffer>, request: HttpRequest, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(request, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(request: HttpRequest, maxBytes: number): FetchError {
  return new FetchError('fetch/too-large', `${requestName(request)} answered more than ${maxBytes} bytes.`, {
    hint: 'Ask for smaller pages, or raise maxPageBytes in the descriptor.',
  });
}

function plainHeaders(headers: Response['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** Where to send the same request again; only on the same origin, so that no credential travels further. */
function redirectTarget(request: HttpRequest, { status, headers }: HttpAnswer): URL | undefined {
  const location = headers['location'];
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const target = parseUrl(location, request.url);
  if (target?.origin !== request.url.origin || target.username !== '' || target.password !== '') {
    throw new FetchError(
      'fetch/foreign-link',
      `${requestName(request)} answered ${status} and redirects to ${target?.origin ?? 'an unreadable address'}; nothing was sent there.`,
      {
        httpStatus: status,
        hint: 'A sign-in page or proxy may stand between; if the vendor has moved, the descriptor must be changed.',
      },
    );
  }
  // 301 to 303 would turn a POST into a GET and lose its body.
  const keepsMethod = request.method === 'GET' || status === 307 || status === 308;
  return keepsMethod ? target : undefined;
}

function tooManyRedirects(request: HttpRequest): FetchError {
  return new FetchError(
    'fetch/bad-request',
    `${requestName(request)} was redirected more than ${MOST_REDIRECTS} times.`,
    {
      hint: 'Check the address; something at the source sends us in circles.',
    },
  );
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What the server saw. */
export type SeenRequest = {
  readonly method: string;
  /** With its query, as it came over the wire. */
  readonly path: string;
  /** The query, decoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as form fields. */
  readonly form: Readonly<Record<string, string>>;
};

/** What the server answers. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go out as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly gzip?: boolean;
  /** The connection breaks after so many bytes of the body, though the whole length was announced. */
  readonly cutAfter?: number;
  /** `before` anything is sent, or `within` the body, after its first half, for ever. */
  readonly hang?: 'before' | 'within';
  /** The connection breaks without an answer. */
  readonly drop?: boolean;
};

export type Reply = Answer | ((request: SeenRequest) => Answer | Promise<Answer>);

export type SourceServer = {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** Everything asked so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  url(path: string): URL;
  /** Answers to this path (without query), one after the other; the last one stays. Replaces what was set before. */
  on(path: string, ...replies: readonly Reply[]): void;
  close(): Promise<void>;
};

/** A small real server on loopback that answers as told, and 404 to what it was not told. */
export async function startSourceServer(): Promise<SourceServer> {
  const scripts = new Map<string, Reply[]>();
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request);
    requests.push(seen);
    const replies = scripts.get(seen.path.replace(/\?.*/, '')) ?? [];
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? {
      status: 404,
      body: { error: 'not scripted' },
    };
    send(response, typeof reply === 'function' ? await reply(seen) : reply);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server listening on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    requests,
    url: (path) => new URL(path, origin),
    on(path, ...replies) {
      scripts.set(path, [...replies]);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** An answer of 200 with this as JSON. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { body, headers };
}

/** An error answer. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}, body: unknown = ''): Answer {
  return { status: code, headers, body };
}

/** What a gateway or sign-in page sends. */
export function html(code = 200): Answer {
  return { status: code, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  // An IncomingMessage without an encoding gives Buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url ?? '';
  const body = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? '',
    path,
    query: Object.fromEntries(new URL(path, 'http://any.example').searchParams),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body,
    form: Object.fromEntries(new URLSearchParams(body)),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.hang === 'before') return;
  if (answer.drop === true) {
    response.destroy();
    return;
  }
  const body = answer.gzip === true ? gzipSync(bytes(answer.body)) : bytes(answer.body);
  response.writeHead(answer.status ?? 200, {
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...(answer.gzip === true ? { 'content-encoding': 'gzip' } : {}),
    ...answer.headers,
  });
  if (answer.hang === 'within') response.write(body.subarray(0, body.length / 2));
  else if (answer.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, answer.cutAfter), () => response.destroy());
}

function bytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8');
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { Values } from './fill.ts';
import type { SandboxDescription } from './sandbox-description.ts';

/** Reads a request whole, and collects what its answer may speak of. */
export async function readExchange(
  request: IncomingMessage,
  description: SandboxDescription,
  granted: ReadonlySet<string>,
  now: Date,
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
      ...timesOf(now),
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
  const sent = headers[clientRequestIdHeader?.toLowerCase() ?? ''];
  return { requestId, clientRequestId: typeof sent === 'string' ? sent : requestId };
}

function timesOf(now: Date): Values {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return {
    nowMs: now.getTime(),
    nowIso: now.toISOString(),
    nowSeconds: Math.floor(now.getTime() / 1000),
    nowWithoutZone: `${date}T${time}`,
    nowWithSpace: `${date} ${time}Z`,
  };
}

/** No claim at all, rather than an empty one, where nothing was granted. */
function roles(granted: ReadonlySet<string>): string[] | undefined {
  return granted.size === 0 ? undefined : [...granted];
}

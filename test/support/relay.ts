import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Relay = {
  readonly origin: string;
  /** Every body sent back, in order. */
  readonly bodies: readonly string[];
  close(): void;
};

/** A server on loopback that passes everything on to another one, under its own address, and remembers what came back. */
export async function startRelay(target: string): Promise<Relay> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void pass(request).then(({ status, body, headers }) => {
      bodies.push(body);
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server listening on a port has an address of this form.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function pass(
    request: IncomingMessage,
  ): Promise<{ status: number; body: string; headers: Record<string, string> }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // without an encoding these are Buffers
    const sent = Buffer.concat(chunks)
      .toString('utf8')
      .replaceAll(encodeURIComponent(origin), encodeURIComponent(target));
    const { authorization, 'content-type': type, prefer } = request.headers;
    const headers = { authorization, 'content-type': type, prefer: prefer?.toString() };
    const answer = await fetch(`${target}${request.url ?? ''}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(
        Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
      ),
      ...(request.method === 'POST' && { body: sent }),
    });
    const body = (await answer.text()).replaceAll(target, origin);
    return { status: answer.status, body, headers: { 'content-type': answer.headers.get('content-type') ?? '' } };
  }

  return { origin, bodies, close: () => void server.close() };
}

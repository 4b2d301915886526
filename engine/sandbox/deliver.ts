import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Answer, Delivery, Silence } from './exchange.ts';

/** Sends an answer, whole or broken as a fault wants it. */
export function deliver(
  response: ServerResponse,
  outcome: Answer | Silence,
  commonHeaders: { readonly [name: string]: string },
  delivery: Delivery,
): void {
  if (outcome === 'hang') return;
  if (outcome === 'hang-up') {
    response.destroy();
    return;
  }
  const body = Buffer.from(outcome.body);
  const half = body.subarray(0, Math.floor(body.length / 2));
  const length = delivery === 'truncated' ? half.length : body.length;
  response.writeHead(outcome.status, { ...commonHeaders, ...withLists(outcome.headers), 'content-length': length });
  switch (delivery) {
    case 'whole':
      response.end(body);
      return;
    case 'truncated':
      response.end(half);
      return;
    case 'stalled':
      response.write(half);
      return;
    case 'dropped':
      // Destroyed only once the half is on its way, so that the client sees the break in mid-body.
      response.write(half, () => response.destroy());
      return;
    default:
      delivery satisfies never;
  }
}

/** A list is sent as several lines of one name. */
function withLists(headers: Answer['headers']): OutgoingHttpHeaders {
  const lines = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
  // Object.fromEntries loses the types of the pairs above.
  return Object.fromEntries(lines) as OutgoingHttpHeaders;
}

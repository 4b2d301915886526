import { createServer, type Server } from 'node:http';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { applyChanges, type Changed } from './apply-change.ts';
import { checkDescription } from './check-description.ts';
import { fillTexts } from './fill.ts';
import { handleRequest } from './handle-request.ts';
import { makeVendor } from './make-vendor.ts';
import type { Change } from './sandbox-description.ts';
import type { SandboxOptions } from './sandbox-options.ts';

/** A stand-in vendor at work. */
export type Sandbox = {
  readonly origin: string;
  /** The connection properties that make the integration's feed talk to it. */
  readonly connection: { readonly [property: string]: string };
  /** What was asked so far, by route; also `token` and `unknown`. */
  requests: () => { readonly [route: string]: RouteCount };
  /** The names of described changes. */
  readonly changes: readonly string[];
  /** Changes the data: the name of described changes, a text such as `hosts:update:17`, or changes as data. */
  change: (wanted: string | Change | readonly Change[]) => readonly Changed[];
  close: () => Promise<void>;
};

export type RouteCount = {
  readonly requests: number;
  /** Status → answers. What got no answer is missing here. */
  readonly statuses: { readonly [status: string]: number };
};

/**
 * Serves an integration's stand-in vendor on loopback: invented data, the vendor's documented behaviour and errors.
 *
 * @throws CannotRunError sandbox/wrong-value for a description or option that is not understood.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const description = checkDescription(options.description, options.schema);
  const vendor = makeVendor(description, options);
  const change: Sandbox['change'] = (wanted) =>
    applyChanges(description, vendor.service.collections, wanted, vendor.service.now());
  for (const wanted of options.changes ?? []) change(wanted);
  const counts: { [route: string]: { requests: number; statuses: { [status: string]: number } } } = {};
  const count = (route: string, status?: number): void => {
    const counted = (counts[route] ??= { requests: 0, statuses: {} });
    if (status === undefined) counted.requests += 1;
    else counted.statuses[status] = (counted.statuses[status] ?? 0) + 1;
  };
  const server = createServer((request, response) => {
    handleRequest(vendor, request, response, count).catch((error: unknown) => {
      // A mistake in the description; said where whoever wrote it will look.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  // Longer than any pause of a patient client, so that a reused connection is never closed under a request.
  server.keepAliveTimeout = 65_000;
  const origin = await listen(server, options.port ?? 0);
  return {
    origin,
    connection: fillTexts(description.connection, { ...description.values, origin, privateKey: vendor.privateKey }),
    requests: () => counts,
    changes: Object.keys(description.changes),
    change,
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CannotRunError('sandbox/wrong-value', `The sandbox cannot listen on port ${port}.`, {
          hint: 'Choose another port, or leave it out for a free one.',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? port) : port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Answers that hang on purpose would keep it open for ever.
    server.closeAllConnections();
  });
}

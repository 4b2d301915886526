import type { Descriptor, Stream } from '../descriptor/descriptor.ts';

/** What follows the host in a stream's address, placeholders and version included; `undefined` if it has no address. */
export function streamPath({ baseUrl }: Pick<Descriptor, 'baseUrl'>, stream: Stream): string | undefined {
  if (stream.request === undefined) return undefined;
  const afterHost = baseUrl.replace(/^(\{[^}]*\}|[a-z]+:\/\/[^/]*)/i, '');
  const path = `${afterHost.replace(/\/$/, '')}/${stream.request.path.replace(/^\//, '')}`;
  return stream.apiVersion === undefined ? path : path.replaceAll('{apiVersion}', stream.apiVersion);
}

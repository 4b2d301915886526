import type { HttpRequest } from '../records.ts';
import type { Signer } from './signer.ts';

/** A signer whose credentials never change, so that a 401 is final. */
export function fixedSigner(secrets: readonly string[], sign: (request: HttpRequest) => HttpRequest): Signer {
  return {
    sign: (request) => Promise.resolve(sign(request)),
    renew: () => false,
    granted: () => Promise.resolve(undefined),
    secrets: () => secrets,
  };
}

export function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  return { ...request, headers: { ...request.headers, [name.toLowerCase()]: value } };
}

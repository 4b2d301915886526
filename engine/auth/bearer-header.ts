import type { HttpRequest } from '../records.ts';
import { withHeader } from './fixed-signer.ts';

/** `Authorization: Bearer …` (RFC 6750), put and read. */
export const bearerHeader = {
  place: (request: HttpRequest, token: string): HttpRequest => withHeader(request, 'authorization', `Bearer ${token}`),
  read: (refused: HttpRequest): string | undefined => refused.headers['authorization']?.replace(/^Bearer /, ''),
};

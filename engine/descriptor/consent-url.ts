import type { Descriptor, Template } from './descriptor.ts';

/** Where an administrator grants consent, if one of the ways to authorise requests knows such a place. */
export function consentUrlOf({ auth }: Descriptor): Template | undefined {
  return auth.flatMap((way) => (way.kind === 'oauth2-client-credentials' ? (way.consentUrl ?? []) : []))[0];
}

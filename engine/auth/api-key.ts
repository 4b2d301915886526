import type { HttpRequest } from '../records.ts';
import { credential, headerCredential } from './credential.ts';
import { fixedSigner, withHeader } from './fixed-signer.ts';
import type { MakeSigner } from './signer.ts';

export const apiKey: MakeSigner<'api-key'> = (auth, deps) => {
  if (auth.in === 'header') {
    const key = headerCredential(auth.value, deps);
    return fixedSigner([key], (request) => withHeader(request, auth.name, key));
  }
  const key = credential(auth.value, deps);
  return fixedSigner([key], (request) => withQueryKey(request, auth.name, key));
};

/** A next link may bring the key along; it is replaced, and the rest of the query left byte for byte as it is. */
function withQueryKey(request: HttpRequest, name: string, key: string): HttpRequest {
  const ours = `${encodeURIComponent(name)}=`;
  const others = request.url.search.slice(1).split('&');
  const kept = others.filter((part) => part !== '' && !part.startsWith(ours));
  const url = new URL(request.url);
  url.search = [...kept, `${ours}${encodeURIComponent(key)}`].join('&');
  return { ...request, url };
}

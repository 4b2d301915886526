import { CannotRunError } from '../diagnostics/engine-error.ts';
import { credential } from './credential.ts';
import { fixedSigner, withHeader } from './fixed-signer.ts';
import type { MakeSigner } from './signer.ts';

/** RFC 7617, in UTF-8. The user name ends at the first colon, so it cannot hold one. */
export const basic: MakeSigner<'basic'> = (auth, deps) => {
  const username = credential(auth.username, deps);
  const password = credential(auth.password, deps);
  if (username.includes(':')) {
    throw new CannotRunError('connection/wrong-value', `The value of ${auth.username} holds a colon.`, {
      hint: 'Give user name and password separately.',
    });
  }
  const both = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return fixedSigner([password, both], (request) => withHeader(request, 'authorization', `Basic ${both}`));
};

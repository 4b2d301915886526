import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Template } from '../descriptor/descriptor.ts';
import type { SignerDeps } from './signer.ts';

/** A credential that must be there. Throws `connection/missing-property`. */
export function credential(template: Template, { values }: SignerDeps): string {
  const value = values(template);
  if (value !== undefined && value !== '') return value;
  throw new CannotRunError('connection/missing-property', `The credentials are incomplete: ${template} has no value.`, {
    hint: 'Give the connection property with --set, --connection or the environment.',
  });
}

/** A credential that goes into a header as it is. Throws `connection/wrong-value` for what a header cannot hold. */
export function headerCredential(template: Template, deps: SignerDeps): string {
  const value = credential(template, deps);
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  throw new CannotRunError(
    'connection/wrong-value',
    `The value of ${template} begins or ends with a space, or holds a line break or a character that no header may hold.`,
    { hint: 'Copy it again, without what stands around it.' },
  );
}

import type { Template } from '../descriptor/descriptor.ts';
import { credential } from './credential.ts';
import type { SignerDeps } from './signer.ts';

/** Form fields with their values. Throws `connection/missing-property`. */
export function formFields(
  templates: { readonly [name: string]: Template | undefined },
  deps: SignerDeps,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([name, template]) =>
      template === undefined ? [] : [[name, credential(template, deps)]],
    ),
  );
}

/** Fields that a connection may do without: one whose placeholder has no value is not sent. */
export function furtherFields(
  templates: { readonly [name: string]: Template },
  deps: SignerDeps,
): Record<string, string> {
  const given = Object.entries(templates).filter(([, template]) => (deps.values(template) ?? '') !== '');
  return formFields(Object.fromEntries(given), deps);
}

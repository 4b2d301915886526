import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';

/** An issue with what the operator supplied. */
export function connectionIssue(code: Issue['code'], message: string, hint?: string): Issue {
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
}

/** clientSecret → SLUICE_CLIENT_SECRET */
export function environmentVariable(property: string): string {
  return `SLUICE_${property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export function unknownProperty(name: string, known: readonly string[]): Issue {
  return connectionIssue(
    'connection/unknown-property',
    `There is no connection property "${name}".`,
    didYouMeanHint(name, known),
  );
}

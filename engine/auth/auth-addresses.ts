import type { Auth, Template } from '../descriptor/descriptor.ts';

/** The addresses that credentials are sent to for a token. */
export function authAddresses(auth: Auth): readonly Template[] {
  switch (auth.kind) {
    case 'oauth2-client-credentials':
    case 'oauth2-jwt-bearer':
    case 'oauth2-refresh-token':
      return [auth.tokenUrl];
    case 'session':
      return [auth.loginUrl];
    case 'none':
    case 'api-key':
    case 'bearer':
    case 'basic':
    case 'signed-request':
      return [];
    default:
      return auth satisfies never;
  }
}

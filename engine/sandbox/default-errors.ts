import type { ErrorDescription, NamedError } from './sandbox-description.ts';

/** What stands in for an error that the description does not word: another one, or a plain one. */
export const standIns: { readonly [name in NamedError]?: NamedError } = {
  'unknown-key': 'bad-token',
  'bad-signature': 'bad-token',
  'bad-date': 'bad-signature',
  'bad-token': 'no-token',
  'expired-token': 'bad-token',
  'wrong-version': 'unknown-route',
  'not-found': 'unknown-route',
  'expired-job': 'not-found',
  'beyond-ceiling': 'bad-page-size',
  'expired-page-token': 'bad-page-token',
  'too-many-jobs': 'throttled',
  'too-many-at-once': 'throttled',
};

const plain: { readonly [name in NamedError]?: readonly [number, string] } = {
  'no-token': [401, 'Authentication is missing or wrong.'],
  'unknown-route': [404, 'There is nothing here.'],
  'wrong-method': [405, 'This method is not allowed here.'],
  'missing-permission': [403, 'A permission is missing.'],
  'app-only-refused': [403, 'This is only for signed-in users.'],
  unlicensed: [403, 'This is not in your plan.'],
  'too-many-ids': [400, 'These are too many ids.'],
  resync: [410, 'Start again without a token.'],
  'duplicate-job': [409, 'Such a job is under way.'],
  throttled: [429, 'Too many requests.'],
};

export function plainError(name: NamedError): ErrorDescription {
  const [status, message] = plain[name] ?? [400, `The request is refused: ${name}.`];
  const headers = status === 429 ? { headers: { 'Retry-After': '{retryAfter}' } } : {};
  return { status, say: { code: name, message }, ...headers };
}

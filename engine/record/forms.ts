import { isIPv4, isIPv6 } from 'node:net';
import { isTimeText } from './shift-times.ts';
import type { Kind } from './kinds.ts';

/** Patterns of what is recognised by its form alone, also inside a longer text. Sources, to be put together. */
export const patterns = {
  url: String.raw`[a-z][a-z0-9+.\-]*:\/\/[^\s"'<>\\]+`,
  email: String.raw`[\p{L}\p{M}\p{N}._%+'’#$&*!=?^{|}~\-]+@[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}\-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{M}\p{N}\-]+)*`,
  guid: String.raw`(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])`,
  mac: String.raw`(?<![0-9a-f:\-.])(?:[0-9a-f]{2}(?:[:\-][0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![0-9a-f:\-])`,
  ipv6: String.raw`(?<![0-9a-z:.])(?=[0-9a-f:]*:[0-9a-f]*:)(?:[0-9a-f:]*:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+)(?![0-9a-z:])`,
  ipv4: String.raw`(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)`,
  time: String.raw`(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?)?(?![\d\-])`,
} as const;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'iu');
const wholes = {
  url: whole(patterns.url),
  email: whole(patterns.email),
  guid: whole(String.raw`\{?${patterns.guid}\}?|[0-9a-f]{32}`),
  mac: whole(patterns.mac),
};
const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
const pem = /-----BEGIN [A-Z ]+-----/;
const distinguishedName = /^(?:CN|OU|DC|O|UID|C|L|ST)=[^,]*(?:,\s*(?:CN|OU|DC|O|UID|C|L|ST)=|$)/i;
const securityId = /^S-1-\d+(?:-\d+)+$/;
const internationalPhone = /^\+\d[\d ().\-/]{6,}$/;
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}\-_]*[\p{L}\p{N}])?\.)+\p{L}{2,}\.?$/u;

/** The kind of a text that can hardly be anything else; `undefined` for all others. */
export function formOf(text: string): Kind | undefined {
  if (wholes.guid.test(text)) return 'guid';
  if (jwt.test(text) || pem.test(text)) return 'token';
  if (wholes.email.test(text)) return 'email';
  if (wholes.url.test(text)) return 'url';
  if (isTimeText(text)) return 'time';
  if (isAddress(text)) return 'ip';
  if (wholes.mac.test(text)) return 'mac';
  if (distinguishedName.test(text)) return 'path';
  if (securityId.test(text)) return 'id';
  if (internationalPhone.test(text)) return 'phone';
  return undefined;
}

/** `192.0.2.7`, `2001:db8::7`, either with `/24` or a zone behind it. */
function isAddress(text: string): boolean {
  const bare = text.replace(/(?:\/\d{1,3}|%\w+)$/, '');
  return isIPv4(bare) || isIPv6(bare);
}

export function looksLikeDomain(text: string): boolean {
  return domain.test(text);
}

/** Hashes and encoded bytes: long, without spaces, of letters and digits mixed as no word is. */
export function looksLikeToken(text: string): boolean {
  return /^[0-9a-f]{16,}$/i.test(text) || (/^[\w+/=.~-]{20,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text));
}

/** An opaque id, as far as its form tells: digits enough that it is no word of the vendor. */
export function looksLikeId(text: string): boolean {
  return /^[\p{L}\p{N}._:@#$|~+=/\\{}[\]-]+$/u.test(text) && (/\d{4}/.test(text) || /(?:\d.*){4}/.test(text));
}

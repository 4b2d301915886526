import { isIPv4, isIPv6 } from 'node:net';
import { looksLikeDomain, patterns } from './forms.ts';
import { isKept, type Kind } from './kinds.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isTimeText, shiftTime } from './shift-times.ts';

export type RewriteSettings = {
  readonly pseudonyms: Pseudonyms;
  readonly offsetDays: number;
  /** Values of the connection → what stands for them; matched before anything else, whatever their case. */
  readonly terms: ReadonlyMap<string, string>;
  /** Domains that occur anywhere in the answers, so that they are found in the middle of a text. */
  readonly domains: ReadonlySet<string>;
  /** Words, in lower case, of the vendor's own addresses and the feed's own text; parts of an address that are such words stay. */
  readonly publicWords: ReadonlySet<string>;
  readonly publicHosts: ReadonlySet<string>;
};

export type Rewrite = (value: string | number, kind: Kind) => string | number;

/**
 * Replaces values by their kind. What is inside a longer text is replaced as it is where it stands alone, so that ids,
 * names and addresses still join.
 */
export function createRewrite(settings: RewriteSettings): Rewrite {
  const { pseudonyms, offsetDays, terms, domains, publicWords, publicHosts } = settings;
  const scanner = scannerFor([...terms.keys(), ...domains]);

  function text(value: string, isAddress = false): string {
    return value.normalize('NFC').replace(scanner, (found: string, ...rest: readonly unknown[]) => {
      const groups = rest.at(-1) as Partial<Record<string, string>>; // the named groups come last
      return part(found, groups, isAddress);
    });
  }

  function part(found: string, groups: Partial<Record<string, string>>, isAddress: boolean): string {
    if (groups['term'] !== undefined) return terms.get(found.toLowerCase()) ?? pseudonyms.domain(found);
    if (groups['url'] !== undefined) return url(found);
    if (groups['email'] !== undefined) return email(found);
    if (groups['guid'] !== undefined) return pseudonyms.guid(found);
    if (groups['mac'] !== undefined) return pseudonyms.mac(found);
    if (groups['ipv6'] !== undefined && isIPv6(found)) return pseudonyms.ipv6(found);
    if (groups['ipv4'] !== undefined && isIPv4(found)) return pseudonyms.ipv4(found);
    if (groups['time'] !== undefined && isTimeText(found)) return shiftTime(found, offsetDays);
    if (groups['possessive'] !== undefined) return found;
    if (groups['symbol'] !== undefined) return '•';
    return found.replaceAll(tokens, (word) => (isAddress && publicWords.has(word.toLowerCase()) ? word : token(word)));
  }

  /** A UUID without its hyphens is still that UUID. */
  function token(word: string): string {
    return bareGuid.test(word) ? pseudonyms.guid(dashed(word)).replaceAll('-', '') : pseudonyms.token(word);
  }

  /** A local part may hold an address of another domain, folded: `nora_acme.example#EXT#@…`. */
  function email(value: string): string {
    const at = value.lastIndexOf('@');
    const [, name = value.slice(0, at), inner, mark = ''] = folded.exec(value.slice(0, at)) ?? [];
    const local = inner === undefined ? name : `${name}_`;
    return `${local.replaceAll(tokens, token)}${inner === undefined ? '' : pseudonyms.domain(inner) + mark}@${domain(value.slice(at + 1))}`;
  }

  function domain(value: string): string {
    if (publicHosts.has(value.toLowerCase())) return value;
    return terms.get(value.toLowerCase()) ?? pseudonyms.domain(value);
  }

  function url(value: string): string {
    const term = [...terms].find(([from]) => from.includes('://') && value.toLowerCase().startsWith(from));
    if (term !== undefined) return term[1] + afterAuthority(value.slice(term[0].length));
    const [, scheme = '', user = '', host = '', port = '', rest = ''] = urlParts.exec(value) ?? [];
    const newUser = user === '' ? '' : `${text(user.slice(0, -1))}@`;
    // A port of many digits may tell one machine from another.
    return `${scheme}${newUser}${hostOf(host)}${port.length > 4 ? ':8443' : port}${afterAuthority(rest)}`;
  }

  function hostOf(host: string): string {
    if (isIPv4(host)) return pseudonyms.ipv4(host);
    if (host.startsWith('[')) return `[${pseudonyms.ipv6(host.slice(1, -1))}]`;
    return host.includes('.') || publicHosts.has(host.toLowerCase()) ? domain(host) : text(host);
  }

  /** Path, query and fragment; the names of query parameters stay. */
  function afterAuthority(rest: string): string {
    const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\??[^#]*)(#?.*)$/s.exec(rest) ?? [];
    const pairs = query.replaceAll(/([?&;][^=&;]*)(=?)([^&;]*)/g, (_, name: string, equals: string, value: string) =>
      equals === '' ? piece(name) : `${name}=${piece(value)}`,
    );
    return path.split('/').map(piece).join('/') + pairs + piece(fragment);
  }

  /** A part of an address; encoded ones are read decoded, or an id in them would not join. */
  function piece(value: string): string {
    if (/^(v\d+(\.\d+)*|\d{1,3})$/i.test(value)) return value;
    const decoded = decode(value);
    const rewritten = text(decoded, true);
    return decoded === value ? rewritten : encodeURIComponent(rewritten);
  }

  function path(value: string): string {
    if (!distinguished.test(value)) return text(value);
    // The domain components make up one domain: DC=corp,DC=acme,DC=example.
    const components = [...value.matchAll(domainComponent)].map(([, label = '']) => label);
    const labels =
      components.length < 2 ? components.map((each) => text(each)) : pseudonyms.domain(components.join('.')).split('.');
    let next = 0;
    return value.replaceAll(
      /([A-Za-z.\d]+)=((?:\\.|[^,+\\])*)/g,
      (_, attribute: string, content: string) =>
        `${attribute}=${attribute.toUpperCase() === 'DC' ? (labels[next++] ?? '') : text(content)}`,
    );
  }

  function host(value: string): string {
    return looksLikeDomain(value) ? domain(value) : text(value);
  }

  /** The frame of a PEM block stays. */
  function encoded(value: string): string {
    return value.replaceAll(pemPart, (found: string, frame?: string) => frame ?? text(found));
  }

  const byKind: { readonly [kind in Kind]?: (value: string) => string } = {
    phone: (value) => pseudonyms.phone(value),
    domain: host,
    host,
    path,
    token: encoded,
    id: (value) =>
      securityId.test(value) ? value.replaceAll(longNumber, (found) => pseudonyms.token(found)) : text(value),
  };
  return (value, kind) => {
    if (isKept(kind)) return value;
    if (kind === 'time') return shiftTime(value, offsetDays);
    if (kind === 'coordinate') return coordinate(value, pseudonyms);
    if (typeof value === 'number') return number(value, pseudonyms);
    return (byKind[kind] ?? ((each: string) => text(each)))(value);
  };
}

const tokens = /[\p{L}\p{M}\p{N}]+/gu;
const folded = /^(.*)_([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)(#[A-Z]{2,5}#)$/u;
const urlParts = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/is;
const distinguished = /^(?:CN|OU|DC|O|UID|C|L|ST)=/i;
const domainComponent = /(?:^|,\s*)DC=((?:\\.|[^,+\\])*)/gi;
const bareGuid = /^[0-9a-f]{32}$/i;
const pemPart = /(-----(?:BEGIN|END) [A-Z ]+-----)|[^-]+|-/g;
const longNumber = /(?<=-)\d{3,}/g;
const securityId = /^S-1-\d+(?:-\d+)+$/;

/** Finds the parts of a text, the most telling first; letters and digits that are nothing else come one by one. */
function scannerFor(terms: readonly string[]): RegExp {
  const escaped = [...terms]
    .sort((a, b) => b.length - a.length)
    .map((term) => term.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const term =
    escaped.length === 0 ? '(?!)' : `(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}]|\\.[\\p{L}\\p{N}])`;
  const { url, email, guid, mac, ipv6, ipv4, time } = patterns;
  return new RegExp(
    `(?<url>${url})|(?<email>${email})|(?<term>${term})|(?<guid>${guid})|(?<mac>${mac})|(?<ipv6>${ipv6})|(?<ipv4>${ipv4})|(?<time>${time})|(?<possessive>['’]s(?![\\p{L}\\p{M}\\p{N}]))|(?<token>[\\p{L}\\p{M}\\p{N}]+)|(?<symbol>[^\\p{ASCII}\\p{P}\\p{Z}])`,
    'giu',
  );
}

/** A number of the same length; a sign stays. */
function number(value: number, pseudonyms: Pseudonyms): number {
  const digits = BigInt(Math.trunc(Math.abs(value))).toString();
  const made = Number(pseudonyms.token(digits));
  const safe = Number.isSafeInteger(made) ? made : Number(String(made).slice(0, 15));
  return value < 0 ? -safe : safe;
}

/** Somewhere else in the world, to as many decimals. */
function coordinate(value: string | number, pseudonyms: Pseudonyms): string | number {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?/.exec(String(value)) ?? [];
  const drawn = pseudonyms.token(`9${whole}${decimals}`).slice(1);
  const moved = `${sign}${Number(drawn.slice(0, whole.length)) % 90}${decimals === '' ? '' : `.${drawn.slice(whole.length)}`}`;
  return typeof value === 'number' ? Number(moved) : moved;
}

function dashed(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a lone % is no encoding
  }
}

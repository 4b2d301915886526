import type { Kind } from './kinds.ts';

/** What the name of a field says about its values. */
export type NameHint = {
  readonly kind: Kind;
  /** Personal whatever the value is, also where it happens to be a word that the mapping knows. */
  readonly isPersonal: boolean;
};

/** The first rule that fits decides; a rule looks at the words of the name, `userDisplayName` being user, display, name. */
const rules: readonly (readonly [words: RegExp, kind: Kind, personal?: 'personal'])[] = [
  [
    /\b(password|passwd|secret|token|credential|authorization|signature|cookie|thumbprint|fingerprint|certificate|hash|checksum|nonce|bytes)\b/,
    'token',
    'personal',
  ],
  [/\b(api|access|private|public|secret|encryption|license|licence|recovery|security) key(s)?\b/, 'token', 'personal'],
  [/\b(latitude|longitude|lat|lon|lng)$/, 'coordinate', 'personal'],
  [/\b(e ?mail|mail|upn)( address(es)?)?s?$/, 'email', 'personal'],
  [/\b(phone|mobile|fax|telephone|msisdn)( number)?s?$/, 'phone', 'personal'],
  [
    /\b(user|login|account|sam account|principal|given|first|last|middle|family|full|display|nick|sur|owner|manager|person|contact|member|author|actor|caller|sender|recipient|employee|customer)( \w+)? ?names?$/,
    'person',
    'personal',
  ],
  [
    /\b(username|login|logon|surname|nickname|fullname|firstname|lastname|owner|manager|author|assignee|reporter|sender|recipient|employee|created by|modified by|updated by)$/,
    'person',
    'personal',
  ],
  [
    /\b(host|computer|machine|workstation|device|server|netbios|dns) ?names?$|\b(hostname|fqdn|host|computer)s?$/,
    'host',
    'personal',
  ],
  [/\b(domain|realm)( name)?s?$/, 'domain', 'personal'],
  [/\b(street|address|postal|zip|city|town|county)( \w+)?$/, 'name', 'personal'],
  [/\b(distinguished name|dn|file ?path|path|folder|directory|file ?name)s?$/, 'path', 'personal'],
  [/\b(url|uri|link|href|website|homepage)s?$/, 'url', 'personal'],
  [/\b(guid|uuid|id|ids|uid|sid|identifier|serial|serial number|imei|imsi|iccid|asset tag|etag|cursor|number)$/, 'id'],
  [/\b(version|release|build|build number)$/, 'word'],
  [
    /\b(description|message|reason|comment|remark|note|notes|summary|subject|title|text|body|detail|details|content|bio|about|query|command|command line|user agent|error|explanation|justification)s?$/,
    'text',
  ],
  [/\b(company|organi[sz]ation|department|office|division|group|team|building|room|site|label|tag)s?( name)?$/, 'name'],
  [/\b(date time|date|time|timestamp|created|updated|modified|expires|expiry|expiration|since|until|at|on)$/, 'time'],
  [/\bnames?$/, 'name'],
];

/** What a name says; `undefined` if nothing. */
export function hintOf(name: string): NameHint | undefined {
  const words = wordsOf(name);
  const rule = rules.find(([pattern]) => pattern.test(words));
  return rule === undefined ? undefined : { kind: rule[1], isPersonal: rule[2] === 'personal' };
}

/** Whether numbers of the field count or measure something. */
export function isMeasure(name: string): boolean {
  return /\b(count|total|size|length|duration|elapsed|bytes|seconds|minutes|hours|days|ms|millis|score|rate|percent|port|latency|limit|offset|level|version|build|capacity|memory|disk|ram|cores|width|height|age|uptime|quota|usage|used|free)\b/.test(
    wordsOf(name),
  );
}

/** Whether numbers of the field are a vendor's own for how something ended: they are the same for everybody. */
export function isOutcomeCode(name: string): boolean {
  return /\b(error|status|result|response|reason|failure|exit|return|http)( \w+)? codes?$/.test(wordsOf(name));
}

function wordsOf(name: string): string {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** The kinds of value that a recording tells apart; the word of a kind is what an author writes in `--as` and `record.yaml`. */
export const kinds = {
  guid: 'a UUID',
  email: 'an e-mail address or user principal name',
  domain: 'a domain',
  host: 'the name of a machine',
  url: 'an address',
  ip: 'an IP address, v4 or v6',
  mac: 'a hardware address',
  person: 'the name or login of a person',
  name: 'the name of anything else: a device, group, place',
  phone: 'a telephone number',
  time: 'a date, a date and time, or seconds or milliseconds since 1970',
  token: 'a token, secret, key, hash, or other opaque text',
  id: 'an opaque id',
  path: 'a file path or distinguished name',
  coordinate: 'a latitude or longitude',
  text: 'free text',
  word: 'a word of the vendor, version or other value that says nothing about anybody: kept as it is',
  number: 'a count or measure: kept as it is',
} as const satisfies Record<string, string>;

export type Kind = keyof typeof kinds;

export function isKind(word: string): word is Kind {
  return Object.hasOwn(kinds, word);
}

/** Whether values of the kind go into the case as they came. */
export function isKept(kind: Kind): boolean {
  return kind === 'word' || kind === 'number';
}

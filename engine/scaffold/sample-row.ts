import type { JsonObject, JsonValue } from '../records.ts';
import type { SourceShape } from './feed-draft.ts';
import { asObject } from './kinds.ts';

/** Two invented rows of a shape: one whole, one with no more than must be there. */
export function sampleRows({ properties, required }: SourceShape): JsonObject[] {
  const rows = [1, 2].map((number) => {
    const fields = Object.entries(properties).filter(([name]) => number === 1 || required.includes(name));
    return Object.fromEntries(fields.map(([name, schema]) => [name, sample(name, schema, number)]));
  });
  const [whole = {}, sparse = {}] = rows;
  const isSame = Object.keys(sparse).length === 0 || JSON.stringify(whole) === JSON.stringify(sparse);
  return isSame ? [whole] : [whole, sparse];
}

function sample(name: string, schema: JsonObject, number: number): JsonValue {
  const types = [schema.type].flat();
  if (number > 1 && types.includes('null')) return null;
  if (types.includes('object')) {
    const fields = Object.entries(asObject(schema.properties));
    return Object.fromEntries(fields.map(([key, inner]) => [key, sample(key, asObject(inner), number)]));
  }
  if (types.includes('array')) return schema.items === undefined ? [] : [sample(name, asObject(schema.items), number)];
  if (types.includes('boolean')) return number === 1;
  if (types.includes('integer') || types.includes('number')) return number;
  return sampleText(name, schema.format, number);
}

/** People, hosts and addresses are invented, from the ranges set aside for documentation. */
function sampleText(name: string, format: JsonValue | undefined, number: number): string {
  const byFormat = typeof format === 'string' ? formats[format] : undefined;
  if (byFormat !== undefined) return byFormat(number);
  const word = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [, make] = words.find(([pattern]) => pattern.test(word)) ?? [];
  return make === undefined ? `invented ${name}` : make(number);
}

type Make = (number: number) => string;

const email: Make = (number) => (number === 1 ? 'nora@acme.example' : 'li@acme.example');
const address: Make = (number) => `192.0.2.${number}`;
const host: Make = (number) => `host-${number}.acme.example`;
const page: Make = (number) => `https://acme.example/${number}`;

const formats: { readonly [format: string]: Make } = {
  'date-time': (number) => `2026-03-04T05:06:0${number}Z`,
  date: () => '2026-03-04',
  time: () => '05:06:07Z',
  email,
  uuid: (number) => `00000000-0000-4000-8000-00000000000${number}`,
  ipv4: address,
  ipv6: (number) => `2001:db8::${number}`,
  hostname: host,
  uri: page,
  url: page,
};

const words: readonly [pattern: RegExp, make: Make][] = [
  [/e?mail(address)?$|upn|userprincipalname/, email],
  [/mac(address)?$/, (number) => `00:00:5E:00:53:0${number}`],
  [/(^|src|dst|source|dest|destination|client|remote)ip(address|v4)?$/, address],
  [/hostname$|fqdn|computername|devicename|^domain/, host],
  [/ur[il]$|link$/, page],
  [/id$/, (number) => `id-${number}`],
  [/(login|username|accountname)$/, (number) => (number === 1 ? 'nora.quist' : 'li.wei')],
  [/name$/, (number) => (number === 1 ? 'Nora Quist' : 'Li Wei')],
];

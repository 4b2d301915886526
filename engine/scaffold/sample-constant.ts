import { jsonOf, type LaidOutAttribute, type LaidOutClass } from './laid-out-class.ts';

/** What stands where the author must say what goes there; one search finds every such place. */
export const fillIn = 'FILL IN';

/** A JSONata constant that the attribute's type takes; invented, from the ranges set aside for documentation. */
export function sampleConstant(ocsfClass: LaidOutClass, name: string, attribute: LaidOutAttribute): string {
  if (attribute.enum !== undefined) return enumConstant(name, attribute);
  const known = constants[attribute.type];
  if (known !== undefined) return known;
  const json = jsonOf(ocsfClass, attribute);
  if (json === 'integer' || json === 'number') return '0';
  return json === 'boolean' ? 'false' : JSON.stringify(fillIn);
}

const constants: { readonly [type: string]: string } = {
  timestamp_t: '$ingestedAt',
  datetime_t: '"2026-03-04T05:06:07Z"',
  email_t: '"fill-in@acme.example"',
  hostname_t: '"fill-in.acme.example"',
  ip_t: '"192.0.2.1"',
  subnet_t: '"192.0.2.0/24"',
  mac_t: '"00:00:5E:00:53:01"',
  url_t: '"https://acme.example/fill-in"',
  uuid_t: '"00000000-0000-4000-8000-000000000000"',
  bytestring_t: '"RklMTCBJTg=="',
};

/** An API that is read gives what was collected; what is not known yet is 0 Unknown. */
const preferred: { readonly [attribute: string]: string } = { activity_id: 'Collect', severity_id: 'Informational' };

function enumConstant(
  name: string,
  { enum: ids = {}, enum_deprecated: deprecated = {}, type }: LaidOutAttribute,
): string {
  const usable = Object.entries(ids).filter(([id]) => !(id in deprecated) && id !== '99');
  const wanted =
    usable.find(([, caption]) => caption === preferred[name]) ?? usable.find(([id]) => id === '0') ?? usable[0];
  const id = wanted?.[0] ?? '99';
  return type === 'string_t' ? JSON.stringify(id) : id;
}

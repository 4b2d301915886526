import { inlineYaml } from '../descriptor/inline-yaml.ts';
import { isJsonObject, type JsonValue } from '../records.ts';
import type { AuthDraft, FeedDraft, PropertyDraft, StreamDraft } from './feed-draft.ts';

/** `integration.yaml`, with the comments that a first descriptor wants. `schemaRef` is where an editor finds the schema. */
export function writeDescriptor(feed: FeedDraft, schemaRef: string): string {
  const { name, title, summary, vendorName, productName, ocsfVersion, baseUrl } = feed;
  return `# yaml-language-server: $schema=${schemaRef}
# What could not be known is invented: search for ".example" and for "FILL IN", and put the vendor's own in its place.
${feed.origin === undefined ? '' : `# Proposed from ${oneLine(feed.origin)}; README.md says what it could not tell.\n`}formatVersion: 1
name: ${inlineYaml(name)} # as the folder
title: ${inlineYaml(title)}
summary: ${inlineYaml(summary)}
product: ${inlineYaml({ vendorName, name: productName })} # the source, for metadata.product
ocsf: ${inlineYaml({ version: ocsfVersion })} # the release that the mappings are written for
${linksText(feed)}
${connectionText(feed)}
baseUrl: ${inlineYaml(isTemplate(baseUrl) ? baseUrl : '{url}')} # every path is appended to it
${authText(feed.auth)}
${blocksText(feed)}${rateLimitText(feed)}
${permissionsText(feed)}

streams:
${feed.streams.map((stream) => streamText(stream, feed)).join('\n')}
`;
}

function linksText({ links }: FeedDraft): string {
  return links.length === 0 ? '' : `links:\n${links.map((link) => `  - ${inlineYaml(link)}`).join('\n')}\n`;
}

function connectionText({ baseUrl, auth }: FeedDraft): string {
  const url: PropertyDraft = {
    title: 'Address',
    format: 'base-url',
    default: baseUrl,
    help: 'Give it only for another region or a test server.',
  };
  const properties: [string, PropertyDraft][] = [
    ...(isTemplate(baseUrl) ? [] : [['url', url] satisfies [string, PropertyDraft]]),
    ...Object.entries(auth.properties),
  ];
  const required = properties.filter(([, property]) => property.default === undefined).map(([name]) => name);
  const [secret] = properties.find(([, property]) => property.secret) ?? [];
  const [any = 'url'] = properties[0] ?? [];
  const how = secret === undefined ? `--set ${any}=…` : `--set ${secret}=env:NAME`;
  return `# What the operator supplies: ${how}, a connection file, or the environment (${environmentName(secret ?? any)}).
connection:
${required.length === 0 ? '' : `  required: ${inlineYaml(required)}\n`}  properties:
${properties.map(([name, property]) => `    ${name}: ${propertyText(property)}`).join('\n')}
`;
}

function propertyText({ enum: values, ...property }: PropertyDraft): string {
  return inlineYaml({ ...property, ...(values !== undefined && { enum: [...values] }) });
}

/** An address whose parts are connection properties cannot be the default of one. */
function isTemplate(address: string): boolean {
  return address.includes('{');
}

/** clientSecret → SLUICE_CLIENT_SECRET */
function environmentName(property: string): string {
  return `SLUICE_${property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`;
}

function authText({ block, meaning }: AuthDraft): string {
  const inline = inlineYaml(block);
  const about = meaning === '' ? '' : `# ${oneLine(meaning)}\n`;
  if (inline.length <= 100) return `${about}auth: ${inline}`;
  return `${about}auth:\n${keysText(block, '  ')}`;
}

/** A block on one line, or key by key where that is too long. */
function blockText(key: string, value: JsonValue, pad: string): string {
  const inline = inlineYaml(value);
  const isBlock = isJsonObject(value) && Object.keys(value).length > 0;
  if (!isBlock || pad.length + key.length + inline.length <= 112) return `${pad}${inlineYaml(key)}: ${inline}`;
  const inner = Object.entries(value).map(([name, one]) => blockText(name, one, `${pad}  `));
  return [`${pad}${inlineYaml(key)}:`, ...inner].join('\n');
}

function blocksText({ blocks = {} }: FeedDraft): string {
  return Object.entries(blocks)
    .map(([key, value]) => `${blockText(key, value, '')}\n`)
    .join('');
}

function keysText(block: { readonly [key: string]: JsonValue }, pad: string): string {
  return Object.entries(block)
    .map(([key, value]) => `${pad}${key}: ${inlineYaml(value)}`)
    .join('\n');
}

function rateLimitText({ rateLimit, blocks }: FeedDraft): string {
  if (blocks?.rateLimits !== undefined) return '';
  if (rateLimit !== undefined) return `rateLimits:\n  api: ${inlineYaml({ ...rateLimit })}`;
  return `# The vendor's budget, which keeps the feed below it; a 429 is obeyed in any case. A stream names it: rateLimit: api
# rateLimits:
#   api: { requests: 60, perSeconds: 60, concurrency: 2 }`;
}

function permissionsText({ permissions }: FeedDraft): string {
  const all = Object.entries(permissions);
  if (all.length === 0) {
    return `# The least that must be granted, each with its reason. A stream names them: permissions: [people.read]
# permissions:
#   people.read: { why: Opens the list of people; no lesser one does. }`;
  }
  return `permissions:\n${all.map(([name, why]) => `  ${inlineYaml(name)}: ${inlineYaml({ why })}`).join('\n')}`;
}

function streamText(stream: StreamDraft, { rateLimit }: FeedDraft): string {
  const { name, summary, path, paging, permissions, primaryKey, ocsfClass, records, more = {} } = stream;
  const { method, query, headers, body, ...later } = more;
  const asked = Object.entries({ method, query, headers, body });
  return [
    `  ${name}:`,
    `    summary: ${inlineYaml(summary)}`,
    `    path: ${inlineYaml(path)}`,
    ...asked.flatMap(([key, value]) => (value === undefined ? [] : [blockText(key, value, '    ')])),
    `    records: ${inlineYaml(records ?? { kind: 'rows', pointer: paging.rowsAt })} # ${records === undefined ? 'a JSON Pointer to the rows of an answer' : 'where the rows of an answer lie'}`,
    ...(paging.meaning === '' ? [] : [`    # ${oneLine(paging.meaning)}`]),
    blockText('pagination', paging.block, '    '),
    ...Object.entries(later).map(([key, value]) => blockText(key, value, '    ')),
    ...(rateLimit === undefined ? [] : ['    rateLimit: api']),
    ...(permissions.length === 0 ? [] : [`    permissions: ${inlineYaml([...permissions])}`]),
    ...(primaryKey.length === 0
      ? ['    # primaryKey: [id]   the fields that make a row unique; without them its whole content does']
      : [`    primaryKey: ${inlineYaml([...primaryKey])} # the fields that make a row unique`]),
    `    class: ${ocsfClass.shape.name} # mappings/${name}.jsonata makes it, of the rows that sources/${name}.schema.json describes`,
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

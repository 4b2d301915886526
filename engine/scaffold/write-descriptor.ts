import { inlineYaml } from '../descriptor/inline-yaml.ts';
import type { JsonValue } from '../records.ts';
import type { AuthDraft, FeedDraft, PropertyDraft, StreamDraft } from './feed-draft.ts';

/** `integration.yaml`, with the comments that a first descriptor wants. `schemaRef` is where an editor finds the schema. */
export function writeDescriptor(feed: FeedDraft, schemaRef: string): string {
  const { name, title, summary, vendorName, productName, ocsfVersion } = feed;
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
baseUrl: "{url}" # every path is appended to it
${authText(feed.auth)}
${rateLimitText(feed)}
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
  const properties: [string, PropertyDraft][] = [['url', url], ...Object.entries(auth.properties)];
  const required = properties.filter(([, property]) => property.default === undefined).map(([name]) => name);
  const [secret] = properties.find(([, property]) => property.secret) ?? [];
  const how = secret === undefined ? '--set url=…' : `--set ${secret}=env:NAME`;
  return `# What the operator supplies: ${how}, a connection file, or the environment (${environmentName(secret ?? 'url')}).
connection:
${required.length === 0 ? '' : `  required: ${inlineYaml(required)}\n`}  properties:
${properties.map(([name, property]) => `    ${name}: ${inlineYaml({ ...property })}`).join('\n')}
`;
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

function keysText(block: { readonly [key: string]: JsonValue }, pad: string): string {
  return Object.entries(block)
    .map(([key, value]) => `${pad}${key}: ${inlineYaml(value)}`)
    .join('\n');
}

function rateLimitText({ rateLimit }: FeedDraft): string {
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
  const { name, summary, path, paging, permissions, primaryKey, ocsfClass } = stream;
  return [
    `  ${name}:`,
    `    summary: ${inlineYaml(summary)}`,
    `    path: ${inlineYaml(path)}`,
    `    records: ${inlineYaml({ kind: 'rows', pointer: paging.rowsAt })} # a JSON Pointer to the rows of an answer`,
    ...(paging.meaning === '' ? [] : [`    # ${oneLine(paging.meaning)}`]),
    `    pagination: ${inlineYaml(paging.block)}`,
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

import { consentUrlOf } from '../descriptor/consent-url.ts';
import type { ConnectionProperty, Descriptor, ErrorRule, Stream } from '../descriptor/descriptor.ts';
import { fillKnown } from '../descriptor/placeholders.ts';
import type { JsonValue } from '../records.ts';
import { describeLimits } from './describe-limits.ts';
import { describeStream } from './describe-stream.ts';
import { code, table } from './markdown.ts';
import { count, list, number } from './quantities.ts';

/** What the guide says of a stream's class; the descriptor knows its name only. */
export type ClassCaption = { readonly uid: number; readonly caption: string };

/**
 * The operator's guide to an integration, in Markdown: what it gives, how to set it up at the vendor, what its errors
 * mean. Nothing in it is written by hand here, so it says what the engine does.
 */
export function operatorGuide(descriptor: Descriptor, classes: ReadonlyMap<string, ClassCaption>): string {
  const chapters = [
    heading(descriptor),
    overview(descriptor, classes),
    streams(descriptor),
    ...setUp(descriptor),
    configure(descriptor),
    troubleshooting(descriptor),
    limits(descriptor),
    gaps(descriptor),
    readMore(descriptor),
  ];
  return `${chapters.filter((chapter) => chapter !== undefined).join('\n\n')}\n`;
}

function heading({ title, name, summary }: Descriptor): string {
  return `# ${title}: operator's guide

<!-- Written by \`sluice docs ${name} --write\` from the descriptor, errors.yaml and setup.yaml; change those. -->

${summary}`;
}

function overview(descriptor: Descriptor, classes: ReadonlyMap<string, ClassCaption>): string {
  const { product, ocsf } = descriptor;
  const on = descriptor.streams.filter((stream) => stream.default === 'on').length;
  const from = product.name.startsWith(product.vendorName) ? product.name : `${product.vendorName} ${product.name}`;
  const rows = descriptor.streams.map((stream) => [
    `[${stream.name}](#${stream.name})`,
    classesOf(stream, classes),
    stream.default,
    stream.permissions.map(code).join(', '),
    stream.licence ?? '',
  ]);
  const kept = ['stream', 'OCSF class', 'default', 'permissions', 'licence'];
  return `## Overview

${count(descriptor.streams.length, 'stream')} from ${from}, ${number(on)} on by default, delivered as OCSF ${ocsf.version}.

${table(kept, rows)}`;
}

function classesOf({ ocsf, dispatch }: Stream, classes: ReadonlyMap<string, ClassCaption>): string {
  const several = dispatch === undefined ? [] : [...dispatch.table.map((entry) => entry.class), dispatch.otherwise];
  const names = several.length === 0 ? [ocsf.class] : [...new Set(several)];
  return names
    .map((name) => {
      const known = classes.get(name);
      return known === undefined ? name : `${known.caption} (${known.uid})`;
    })
    .join(', ');
}

function streams(descriptor: Descriptor): string {
  const each = descriptor.streams.map((stream) => {
    const facts = [
      ...(stream.request === undefined ? [] : [['asks', code(`${stream.request.method} ${stream.request.path}`)]]),
      ...(stream.apiVersion === undefined ? [] : [['API version', stream.apiVersion]]),
      ...(stream.primaryKey.length === 0 ? [] : [['a record is told by', stream.primaryKey.map(code).join(', ')]]),
    ];
    const said = facts.map(([name = '', value = '']) => `- ${name}: ${value}`);
    return [`### ${stream.name}`, describeStream(stream, descriptor).join(' '), said.join('\n')]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  return ['## What each stream gives', ...each].join('\n\n');
}

function setUp(descriptor: Descriptor): string[] {
  const { prerequisites, steps } = descriptor.setup;
  const first =
    prerequisites.length === 0
      ? []
      : [`### Prerequisites\n\n${prerequisites.map((text) => `- ${shown(text, descriptor)}`).join('\n')}`];
  const toDo = steps.map(({ title, text, table: shows }, index) =>
    [
      `### ${index + 1}. ${title}`,
      shown(text.trim(), descriptor),
      ...(shows === undefined ? [] : [permissionTable(descriptor)]),
    ].join('\n\n'),
  );
  const untold = steps.some((step) => step.table !== undefined) || Object.keys(descriptor.permissions).length === 0;
  const permissions = untold ? [] : [`### Permissions\n\n${permissionTable(descriptor)}`];
  const parts = [...first, ...toDo, ...permissions];
  return parts.length === 0 ? [] : [`## Set-up at the vendor`, ...parts];
}

function permissionTable({ permissions, streams: all }: Descriptor): string {
  const rows = Object.entries(permissions).map(([name, { grant, why }]) => {
    const users = all.filter((stream) => stream.permissions.includes(name)).map((stream) => stream.name);
    return [code(name), grant, why, users.join(', ')];
  });
  return table(['permission', 'type', 'why', 'opens'], rows);
}

function configure(descriptor: Descriptor): string {
  const { name, connection, setup } = descriptor;
  const rows = Object.entries(connection.properties).map(([property, details]) => [
    code(property),
    [details.title, ...(details.help === undefined ? [] : [details.help])].join('. ').replace(/\.\.$/, '.'),
    needed(property, descriptor),
    choices(details),
  ]);
  const number = setup.steps.length === 0 ? '' : `${setup.steps.length + 1}. `;
  return `### ${number}Configure

${table(['property', 'meaning', 'needed', 'values'], rows)}

Put them in a file, secrets by reference only, and check before the first run; \`check\` says stream by stream what is missing:

\`\`\`yaml
# connection.yaml
${exampleConnection(descriptor)}
\`\`\`

\`\`\`sh
npx sluice check ${name} --connection connection.yaml
npx sluice run ${name} --connection connection.yaml
\`\`\``;
}

function needed(property: string, { connection }: Descriptor): string {
  if (connection.required.includes(property)) return 'yes';
  const groups = connection.anyOf.filter(({ required }) => required.includes(property));
  if (groups.length === 0) return 'no';
  const others = connection.anyOf
    .filter((group) => !groups.includes(group))
    .map(({ required }) => list(required.map(code)));
  return others.length === 0 ? 'yes' : `or ${list(others, 'or')}`;
}

function choices(property: ConnectionProperty): string {
  const values = property.enum ?? Object.keys(property.choices ?? {});
  const said = [
    ...(property.secret ? ['secret'] : []),
    ...(values.length === 0 ? [] : [`${property.type === 'list' ? 'any of ' : ''}${values.map(code).join(', ')}`]),
    ...(property.default === undefined ? [] : [`default ${code(written(property.default))}`]),
  ];
  return said.join('; ');
}

function written(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The properties that must be given, and the first of each either-or. */
function exampleConnection({ connection }: Descriptor): string {
  const wanted = new Set([...connection.required, ...(connection.anyOf[0]?.required ?? [])]);
  const lines = Object.entries(connection.properties)
    .filter(([property]) => wanted.has(property))
    .map(([property, { secret, title }]) =>
      secret ? `${property}: { env: ${environmentName(property)} }` : `${property}: ... # ${title}`,
    );
  return lines.length === 0 ? '{}' : lines.join('\n');
}

/** The environment variable that is read anyway: `clientSecret` is `SLUICE_CLIENT_SECRET`. */
function environmentName(property: string): string {
  return `SLUICE_${property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`;
}

function troubleshooting(descriptor: Descriptor): string | undefined {
  const { connection, token, source } = descriptor.errors;
  const before = connection.map(({ message, hint }) => [message, hint]);
  const parts = [
    part('Seen before anything is sent', ['what is wrong', 'what to do'], before, descriptor),
    part('The token is refused', ['answer', 'what it means', 'what to do'], token.rules.map(ruleRow), descriptor),
    part('A stream is refused', ['answer', 'what it means', 'what to do'], source.rules.map(ruleRow), descriptor),
  ].filter((each) => each !== undefined);
  if (parts.length === 0) return undefined;
  const note = '`{permissions}`, `{licence}` and the like stand for those of the stream that was refused.';
  return ['## Troubleshooting', ...(parts.some((text) => text.includes('{')) ? [note] : []), ...parts].join('\n\n');
}

function ruleRow({ status, code: codes, message, hint }: ErrorRule): string[] {
  const answer = [...(status ?? []), ...(codes ?? []).filter((each) => each !== '')].map((each) => code(String(each)));
  return [answer.join(', '), message, hint];
}

function part(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  descriptor: Descriptor,
): string | undefined {
  if (rows.length === 0) return undefined;
  return `### ${title}\n\n${table(
    head,
    rows.map((row) => row.map((text) => shown(text, descriptor))),
  )}`;
}

function limits(descriptor: Descriptor): string {
  return `## Limits\n\n${describeLimits(descriptor)
    .map((sentence) => `- ${sentence}`)
    .join('\n')}`;
}

function gaps({ setup, streams: all }: Descriptor): string | undefined {
  const delegated = all
    .filter(({ grant }) => grant === 'delegated')
    .map(({ name, derive }) => {
      const instead = derive === undefined ? 'it stays empty' : `it is computed from \`${derive.from}\``;
      return `\`${name}\`: the vendor answers it to signed-in users only; ${instead}.`;
    });
  const retired = all.flatMap(({ name, deprecation }) =>
    deprecation?.retiredOn === undefined
      ? []
      : [`\`${name}\`: retired on ${deprecation.retiredOn}. ${deprecation.note}`],
  );
  const said = [...setup.gaps, ...delegated, ...retired];
  return said.length === 0 ? undefined : `## Known gaps\n\n${said.map((gap) => `- ${gap}`).join('\n')}`;
}

function readMore({ links }: Descriptor): string | undefined {
  if (links.length === 0) return undefined;
  return `## Read more\n\n${links.map(({ title, url }) => `- [${title}](${url})`).join('\n')}`;
}

/** A text with what follows from the default choices filled in; what only the operator knows stays `{named}`. */
function shown(text: string, descriptor: Descriptor): string {
  const { connection } = descriptor;
  const consentUrl = consentUrlOf(descriptor);
  const usual = Object.values(connection.properties).map(
    ({ choices: all, default: chosen }) => all?.[written(chosen ?? '')]?.sets ?? {},
  );
  return fillKnown(fillKnown(text, { consentUrl }), Object.assign({}, ...usual) as { [name: string]: string });
}

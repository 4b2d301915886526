import { type Descriptor, describeLimits, describeStream, type Stream } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count, list, number } from './quantities.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** An integration in whole sentences: what it reads, delivers, needs, leaves out, and how fast it goes. */
export function explain(descriptor: Descriptor): string {
  const { title, name, summary } = descriptor;
  return [
    `${paint('bold', title)} (${name})`,
    paragraph(`${summary} ${overview(descriptor)}`, ''),
    section(
      'Streams',
      descriptor.streams.map((stream) => explainStream(stream, descriptor)),
    ),
    section('Permissions', explainPermissions(descriptor)),
    section('Connection', explainConnection(descriptor)),
    section('Limits', explainLimits(descriptor)),
    section(
      'Read more',
      descriptor.links.map((link) => `  ${link.title}: ${link.url}`),
    ),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function overview({ product, streams, ocsf }: Descriptor): string {
  const on = streams.filter((stream) => stream.default === 'on').length;
  const named = product.name.startsWith(product.vendorName) ? product.name : `${product.vendorName} ${product.name}`;
  const usually = on === streams.length ? 'All are on by default.' : `${number(on)} are on by default.`;
  return `It reads ${count(streams.length, 'stream')} from ${named} and delivers them as OCSF ${ocsf.version}. ${usually}`;
}

function section(title: string, parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : [paint('bold', title), ...parts].join('\n');
}

function explainStream(stream: Stream, descriptor: Descriptor): string {
  const sentences = describeStream(stream, descriptor).join(' ');
  return [`\n  ${paint('cyan', stream.name)}`, paragraph(sentences, '    ')].join('\n');
}

function explainPermissions({ permissions, streams }: Descriptor): string[] {
  return Object.entries(permissions).map(([name, { grant, why, url }]) => {
    const users = streams.filter((stream) => stream.permissions.includes(name)).map((stream) => stream.name);
    const used = users.length === 0 ? [] : [`Used by ${list(users)}.`];
    const more = url === undefined ? [] : [url];
    return [`\n  ${paint('cyan', name)} (${grant})`, paragraph([why, ...used, ...more].join(' '), '    ')].join('\n');
  });
}

function explainConnection({ connection }: Descriptor): string[] {
  const { required, anyOf, properties } = connection;
  const eitherOr = anyOf.map((choice) => list(choice.required));
  const choose = eitherOr.length === 0 ? [] : [paragraph(`Give ${list(eitherOr, 'or')}.`, '  ')];
  const each = Object.entries(properties).map(([name, property]) => {
    const marks = [
      ...(required.includes(name) ? ['required'] : []),
      ...(property.secret ? ['secret'] : []),
      ...(property.default === undefined ? [] : [`default ${JSON.stringify(property.default)}`]),
    ];
    const choices = property.enum ?? Object.keys(property.choices ?? {});
    const sentences = [
      `${property.title}.`,
      ...(property.help === undefined ? [] : [property.help]),
      ...(choices.length === 0 ? [] : [`${property.type === 'list' ? 'Any' : 'One'} of ${list(choices, 'or')}.`]),
    ];
    const head = `\n  ${paint('cyan', name)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
    return [head, paragraph(sentences.join(' '), '    ')].join('\n');
  });
  return [...choose, ...each];
}

function explainLimits(descriptor: Descriptor): string[] {
  return describeLimits(descriptor).map((sentence) => paragraph(sentence, '  '));
}

function paragraph(text: string, indent: string): string {
  return wrap(text, terminalWidth(), indent);
}

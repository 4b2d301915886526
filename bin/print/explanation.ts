import type { Descriptor, Stream } from '../../engine/index.ts';
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
  const sentences = [
    stream.summary,
    delivers(stream),
    ...(stream.default === 'off' ? ['It is off by default; ask for it by name or with --all-streams.'] : []),
    ...needs(stream, descriptor),
    ...(stream.licence === undefined ? [] : [`Licence: ${stream.licence}.`]),
    ...availability(stream),
    ...(stream.deprecation === undefined ? [] : [deprecation(stream.deprecation)]),
    ...(stream.derive === undefined ? [] : [derivation(stream, stream.derive)]),
    ...drops(stream),
  ];
  return [`\n  ${paint('cyan', stream.name)}`, paragraph(sentences.join(' '), '    ')].join('\n');
}

function delivers({ ocsf }: Stream): string {
  const profiles = ocsf.profiles.length === 0 ? '' : ` with the ${list(ocsf.profiles)} profile`;
  return `Each becomes a record of the OCSF class ${ocsf.class}${profiles}.`;
}

function needs({ permissions, grant, request }: Stream, { auth }: Descriptor): string[] {
  if (auth.kind === 'none' || request === undefined) return [];
  const names = permissions.length === 0 ? 'No permission is needed.' : `It needs ${list(permissions)}.`;
  if (grant === 'application') return [names];
  return [names, 'The vendor answers it only to a signed-in user; the call is tried all the same.'];
}

function availability({ availableWhen }: Stream): string[] {
  return Object.entries(availableWhen).map(
    ([property, values]) => `The vendor offers it only where ${property} is ${list(values, 'or')}.`,
  );
}

function deprecation({ since, retiredOn, successor, note }: NonNullable<Stream['deprecation']>): string {
  return [
    since === undefined ? 'The vendor has deprecated it.' : `The vendor has deprecated it since ${since}.`,
    ...(retiredOn === undefined ? [] : [`It is retired from ${retiredOn} on.`]),
    note,
    ...(successor === undefined ? [] : [`Its successor is ${successor}.`]),
  ].join(' ');
}

function derivation({ request }: Stream, { from, kind, where }: NonNullable<Stream['derive']>): string {
  const how = kind === 'count' ? 'counted' : 'computed';
  const when = Object.entries(where).map(([property, choices]) => `${property} is ${list(Object.keys(choices), 'or')}`);
  const possible = when.length === 0 ? '' : ` That is possible where ${list(when)}.`;
  return request === undefined
    ? `It is ${how} from the rows of ${from}.${possible}`
    : `Where the endpoint refuses or is retired, it is ${how} from the rows of ${from}, and the report says so.${possible}`;
}

function drops({ drop }: Stream): string[] {
  return Object.entries(drop).map(([field, why]) => `It leaves out ${field}: ${why.replace(/\.$/, '')}.`);
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
      ...(choices.length === 0 ? [] : [`One of ${list(choices, 'or')}.`]),
    ];
    const head = `\n  ${paint('cyan', name)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
    return [head, paragraph(sentences.join(' '), '    ')].join('\n');
  });
  return [...choose, ...each];
}

function explainLimits({ rateLimits, streams, retry }: Descriptor): string[] {
  const budgets = Object.entries(rateLimits).map(([name, { requests, perSeconds, concurrency }]) => {
    const users = streams.filter((stream) => stream.rateLimit === name).map((stream) => stream.name);
    const pace = `${count(requests, 'request')} in any ${count(perSeconds, 'second')}, ${number(concurrency)} at once`;
    return paragraph(`${name}: at most ${pace}, shared by ${list(users)}.`, '  ');
  });
  const patience = `A request is tried up to ${count(retry.maxTries, 'time')}; a stream waits at most ${count(retry.budgetSeconds, 'second')} for repeats.`;
  return [...budgets, paragraph(patience, '  ')];
}

function paragraph(text: string, indent: string): string {
  return wrap(text, terminalWidth(), indent);
}

import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { list } from './quantities.ts';

/** What a stream delivers, needs and leaves out, in whole sentences; its summary comes first. */
export function describeStream(stream: Stream, descriptor: Descriptor): string[] {
  return [
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
}

function delivers({ ocsf, dispatch }: Stream): string {
  if (dispatch !== undefined) {
    const classes = dispatch.table.map((entry) => entry.class);
    return `Each becomes a record of the class its ${dispatch.field.slice(1)} stands for (${list(classes)}); what fits none becomes ${dispatch.otherwise}.`;
  }
  const profiles = ocsf.profiles.length === 0 ? '' : ` with the ${list(ocsf.profiles)} profile`;
  return `Each becomes a record of the OCSF class ${ocsf.class}${profiles}.`;
}

function needs({ permissions, grant, request }: Stream, { auth }: Descriptor): string[] {
  if (auth.every(({ kind }) => kind === 'none') || request === undefined) return [];
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

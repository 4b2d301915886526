import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { cursorChecks } from './cursor-checks.ts';
import type { Descriptor, Stream } from './descriptor.ts';
import { cursorPlaceholders, errorPlaceholders, placeholdersIn, reservedPlaceholders } from './placeholders.ts';
import type { YamlFile } from './yaml-file.ts';

/** What a JSON Schema cannot see: names that point at nothing, and derivations that cannot be computed. */
export function crossChecks(descriptor: Descriptor, file: YamlFile, folderName: string): Issue[] {
  return [
    ...nameCheck(descriptor, file, folderName),
    ...placeholderChecks(descriptor, file),
    ...connectionChecks(descriptor, file),
    ...descriptor.streams.flatMap((stream) => [
      ...referenceChecks(stream, descriptor, file),
      ...cursorChecks(stream, file),
      ...deriveChecks(stream, descriptor, file),
      ...completenessChecks(stream, file),
    ]),
  ];
}

/** The catalogue's own names: properties and placeholders of `errors.yaml`. */
export function errorCatalogueChecks(descriptor: Descriptor, file: YamlFile): Issue[] {
  const properties = Object.keys(descriptor.connection.properties);
  const known = [...properties, ...reservedPlaceholders, ...errorPlaceholders];
  const { connection, token, source } = descriptor.errors;
  const texts = (section: string, rules: readonly { message: string; hint: string }[]) =>
    rules.flatMap((rule, index) =>
      (['message', 'hint'] as const).flatMap((key) =>
        unknownPlaceholders(rule[key], known, file, `/${section}/${index}/${key}`),
      ),
    );
  return [
    ...connection.flatMap((mistake, index) =>
      unknownName(mistake.property, properties, 'connection property', file, `/connection/${index}/property`),
    ),
    ...texts('connection', connection),
    ...texts('token/rules', token.rules),
    ...texts('source/rules', source.rules),
  ];
}

/** Placeholders in the texts of a set-up; they show as values to fill in. */
export function setupChecks(descriptor: Descriptor, file: YamlFile): Issue[] {
  const known = [...Object.keys(descriptor.connection.properties), 'consentUrl'];
  const { prerequisites, steps, gaps } = descriptor.setup;
  return [
    ...prerequisites.flatMap((text, index) => unknownPlaceholders(text, known, file, `/prerequisites/${index}`)),
    ...steps.flatMap(({ text }, index) => unknownPlaceholders(text, known, file, `/steps/${index}/text`)),
    ...gaps.flatMap((text, index) => unknownPlaceholders(text, known, file, `/gaps/${index}`)),
  ];
}

function nameCheck(descriptor: Descriptor, file: YamlFile, folderName: string): Issue[] {
  if (descriptor.name === folderName) return [];
  return [
    {
      code: 'descriptor/wrong-value',
      severity: 'error',
      message: `The name is "${descriptor.name}", but the folder is "${folderName}".`,
      hint: 'Give both the same name.',
      at: file.locate('/name'),
      pointer: '/name',
    },
  ];
}

function placeholderChecks(descriptor: Descriptor, file: YamlFile): Issue[] {
  const properties = Object.keys(descriptor.connection.properties);
  const known = [...properties, ...reservedPlaceholders];
  const { auth } = descriptor;
  const templates: [pointer: string, template: string][] = [
    ...(descriptor.tenantUid === undefined ? [] : [['/tenantUid', descriptor.tenantUid] as [string, string]]),
    ['/baseUrl', descriptor.baseUrl],
    ...Object.entries(auth).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' && key !== 'kind' ? [[`/auth/${key}`, value]] : [],
    ),
    ...Object.entries(descriptor.request.headers).map(([name, value]): [string, string] => [
      `/request/headers/${name}`,
      value,
    ]),
  ];
  return [
    ...templates.flatMap(([pointer, template]) => unknownPlaceholders(template, known, file, pointer)),
    ...descriptor.streams.flatMap((stream) => {
      const inStream = [...known, ...cursorPlaceholders(stream.cursor)];
      return streamTemplates(stream).flatMap(([pointer, template]) =>
        unknownPlaceholders(template, inStream, file, `/streams/${stream.name}/${pointer}`),
      );
    }),
  ];
}

/** Pointer inside the stream → template. */
function streamTemplates({ request, probe, cursor }: Stream): [pointer: string, template: string][] {
  if (request === undefined) return [];
  const each = (pointer: string, templates: { readonly [name: string]: string }) =>
    Object.entries(templates).map(([name, template]): [string, string] => [`${pointer}/${name}`, template]);
  return [
    ['path', request.path],
    ...each('query', request.query),
    ...each('probe/query', probe?.query ?? {}),
    ...each('headers', request.headers),
    ...(cursor === undefined || cursor.kind === 'delta-link'
      ? []
      : [['cursor/lookback', cursor.lookback] as [string, string], ...each('cursor/query', cursor.query)]),
  ];
}

function connectionChecks(descriptor: Descriptor, file: YamlFile): Issue[] {
  const { required, anyOf, properties } = descriptor.connection;
  const names = Object.keys(properties);
  const reference = (name: string, pointer: string) => unknownName(name, names, 'connection property', file, pointer);
  return [
    ...required.flatMap((name, index) => reference(name, `/connection/required/${index}`)),
    ...anyOf.flatMap((alternative, index) =>
      alternative.required.flatMap((name, inner) => reference(name, `/connection/anyOf/${index}/required/${inner}`)),
    ),
    ...Object.entries(properties).flatMap(([name, { choices }]) =>
      Object.entries(choices ?? {}).flatMap(([choice, { sets }]) =>
        Object.keys(sets).flatMap((key) =>
          reference(key, `/connection/properties/${name}/choices/${choice}/sets/${key}`),
        ),
      ),
    ),
  ];
}

function referenceChecks(stream: Stream, descriptor: Descriptor, file: YamlFile): Issue[] {
  const at = `/streams/${stream.name}`;
  const properties = Object.keys(descriptor.connection.properties);
  return [
    ...(stream.rateLimit === undefined
      ? []
      : unknownName(stream.rateLimit, Object.keys(descriptor.rateLimits), 'rate limit', file, `${at}/rateLimit`)),
    ...stream.permissions.flatMap((name, index) =>
      unknownName(name, Object.keys(descriptor.permissions), 'permission', file, `${at}/permissions/${index}`),
    ),
    ...Object.keys(stream.availableWhen).flatMap((name) =>
      unknownName(name, properties, 'connection property', file, `${at}/availableWhen/${name}`),
    ),
    ...(stream.deprecation?.successor === undefined
      ? []
      : unknownName(
          stream.deprecation.successor,
          streamNames(descriptor),
          'stream',
          file,
          `${at}/deprecation/successor`,
        )),
  ];
}

function deriveChecks(stream: Stream, descriptor: Descriptor, file: YamlFile): Issue[] {
  const { derive } = stream;
  if (derive === undefined) return [];
  const at = `/streams/${stream.name}/derive`;
  const properties = Object.keys(descriptor.connection.properties);
  const source = descriptor.streams.find(({ name }) => name === derive.from);
  const wrong = (message: string, hint: string): Issue[] => [
    {
      code: 'descriptor/bad-derivation',
      severity: 'error',
      message,
      hint,
      at: file.locate(`${at}/from`),
      pointer: `${at}/from`,
    },
  ];
  return [
    ...unknownName(derive.from, streamNames(descriptor), 'stream', file, `${at}/from`),
    ...(source?.cursor !== undefined
      ? wrong(
          `"${stream.name}" is derived from "${derive.from}", of which a run reads only what is new.`,
          'Derive it from a stream without a cursor.',
        )
      : []),
    ...(source?.derive !== undefined
      ? wrong(
          `"${stream.name}" is derived from "${derive.from}", which may be derived itself.`,
          'Derive it from the stream that is read from the source.',
        )
      : []),
    ...Object.keys(derive.where).flatMap((name) =>
      unknownName(name, properties, 'connection property', file, `${at}/where/${name}`),
    ),
    ...(derive.window === undefined
      ? []
      : unknownName(derive.window.property, properties, 'connection property', file, `${at}/window/property`)),
    ...(derive.kind === 'fold' && derive.record === undefined
      ? wrong(
          `"${stream.name}" folds rows, but nothing says what record the state becomes.`,
          `Write derivations/${stream.name}.jsonata.`,
        )
      : []),
  ];
}

function completenessChecks(stream: Stream, file: YamlFile): Issue[] {
  const pointer = `/streams/${stream.name}`;
  const missing = (key: string, message: string): Issue[] => [
    {
      code: 'descriptor/missing-key',
      severity: 'error',
      message,
      hint: `Add the key "${key}".`,
      at: file.locate(pointer),
      pointer,
    },
  ];
  return [
    ...(stream.ocsf.class === '' ? missing('class', `The stream "${stream.name}" names no OCSF class.`) : []),
    ...(stream.request === undefined && stream.derive === undefined
      ? missing('path', `The stream "${stream.name}" has neither a path nor a derivation.`)
      : []),
  ];
}

function unknownPlaceholders(template: string, known: readonly string[], file: YamlFile, pointer: string): Issue[] {
  return placeholdersIn(template)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: 'descriptor/unknown-placeholder',
      severity: 'error',
      message: `{${name}} is no connection property.`,
      hint: didYouMeanHint(name, known),
      at: file.locate(pointer),
      pointer,
    }));
}

function unknownName(name: string, known: readonly string[], what: string, file: YamlFile, pointer: string): Issue[] {
  if (known.includes(name)) return [];
  return [
    {
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `There is no ${what} "${name}".`,
      hint: didYouMeanHint(name, known),
      at: file.locate(pointer),
      pointer,
    },
  ];
}

function streamNames(descriptor: Descriptor): string[] {
  return descriptor.streams.map(({ name }) => name);
}

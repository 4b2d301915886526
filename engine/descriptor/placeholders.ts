import type { Cursor, Stream } from './descriptor.ts';

/** Placeholders that the engine fills itself, beside the connection's properties. */
export const reservedPlaceholders = ['apiVersion'] as const;

/** What a signed request and a session login know of themselves. */
export const authPlaceholders = [
  ...['date', 'method', 'host', 'path', 'query', 'body', 'headers'].flatMap((part) => [
    part,
    ...['sha1', 'sha256', 'sha512'].map((hash) => `${part}.${hash}`),
  ]),
  'signature',
  'token',
] as const;

/** The span of time that a stream with a cursor is asked for. */
function cursorPlaceholders(cursor: Cursor | undefined): string[] {
  const ofEnd = (end: string) => ['iso', 's', 'ms'].map((form) => `${end}.${form}`);
  if (cursor === undefined || cursor.kind === 'delta-link') return [];
  return cursor.kind === 'time' ? [...ofEnd('from'), ...ofEnd('to')] : ofEnd('from');
}

/** Further ones in the requests of a stream: what the source has named. `parent.` stands for any field of a parent. */
export function requestPlaceholders({ cursor, pagination, hydrate, parent }: Stream): string[] {
  return [
    ...cursorPlaceholders(cursor),
    ...(pagination.kind === 'job' ? ['job', 'chunk'] : []),
    ...(hydrate === undefined ? [] : ['ids']),
    ...(parent === undefined ? [] : ['parent.']),
    ...(parent?.batch === undefined ? [] : ['requests']),
  ];
}

/** Further ones in the texts of an error catalogue. */
export const errorPlaceholders = ['permissions', 'stream', 'licence', 'consentUrl', 'successor'] as const;

/** A placeholder in a template; its name is the group. */
export const placeholder = /\{([A-Za-z_][\w.-]*)\}/;
const everyPlaceholder = new RegExp(placeholder, 'g');

/** The names between braces, in order. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(everyPlaceholder)].map((match) => match[1] ?? '');
}

/** Fills a template; `undefined` if a value it names is absent. `encode` is applied to values, never to the template's own text. */
export function fillTemplate(
  template: string,
  values: { readonly [name: string]: string | undefined },
  encode: (value: string) => string = (value) => value,
): string | undefined {
  if (placeholdersIn(template).some((name) => values[name] === undefined)) return undefined;
  return template.replace(everyPlaceholder, (_, name: string) => encode(values[name] ?? ''));
}

/** Fills what has a value and leaves the rest readable: for texts, never for addresses. */
export function fillKnown(template: string, values: { readonly [name: string]: string | undefined }): string {
  return template.replace(everyPlaceholder, (whole, name: string) => values[name] ?? whole);
}

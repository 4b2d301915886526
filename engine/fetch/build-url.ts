import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Template } from '../descriptor/descriptor.ts';
import { encodeParameter } from './query-parameter.ts';
import { expandTemplate, type Values } from './expand-template.ts';

export type UrlParts = {
  readonly baseUrl: Template;
  readonly path: Template;
  readonly query: { readonly [name: string]: Template };
};

/**
 * The address of a stream. Values go into the path percent-encoded, so that none of them can leave it; what the
 * descriptor spells out stays as it is, as far as it is legal in an address.
 *
 * Throws `descriptor/unknown-placeholder`, `descriptor/wrong-value` or `connection/wrong-value`.
 */
export function buildUrl({ baseUrl, path, query }: UrlParts, values: Values): URL {
  const base = parseBase(baseUrl, values);
  const relative = expandPath(path, values);
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}/${relative.replace(/^\//, '')}`);
  url.search = Object.entries(query)
    .map(([name, template]) => encodeParameter(name, expandTemplate(template, values)))
    .join('&');
  return url;
}

/** `{graphUrl}/v1` begins with a whole address; `https://{host}/{version}` puts values into host and path. */
function parseBase(template: Template, values: Values): URL {
  const [, head = '', path = ''] = /^(\{[^}]*\}|[a-z]+:\/\/[^/]*)(.*)$/is.exec(template) ?? [];
  const start = head.startsWith('{') ? expandTemplate(head, values) : expandTemplate(head, hostValues(values));
  const text = `${start.replace(/\/$/, '')}${expandPath(path, values)}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new CannotRunError(
      'connection/wrong-value',
      `The base address ${JSON.stringify(template)} does not give an address.`,
      {
        hint: 'Give https://host, without user, query or fragment.',
      },
    );
  }
  refuseDotSegments(start.replace(/^[a-z]+:\/\//i, ''), template);
  return url;
}

/** A value inside the host may be part of a host name and nothing else. */
function hostValues(values: Values): Values {
  return (name) => {
    const value = values(name);
    if (value === undefined || /^[a-z0-9.-]+(:\d+)?$/i.test(value)) return value;
    throw new CannotRunError('connection/wrong-value', `The value of ${name} cannot stand in a host name.`, {
      hint: 'Give only the name: letters, digits, dots and hyphens.',
    });
  };
}

function expandPath(template: Template, values: Values): string {
  if (/[?#]/.test(template)) {
    throw new CannotRunError('descriptor/wrong-value', `The path ${JSON.stringify(template)} holds a "?" or "#".`, {
      hint: 'Put parameters under "query".',
    });
  }
  const path = expandTemplate(template, (name) => encodeValue(name, values(name)), encodeLiteral);
  refuseDotSegments(path, template);
  return path;
}

function encodeValue(name: string, value: string | undefined): string | undefined {
  if (value === '') {
    throw new CannotRunError('connection/wrong-value', `The value of ${name} is empty, but stands in an address.`, {
      hint: `Give ${name} a value.`,
    });
  }
  // encodeURIComponent leaves these, which some servers read as part of the path's own syntax.
  return value === undefined ? undefined : encodeURIComponent(value).replace(/[!'()*]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

const LEGAL_IN_PATH = /(%[0-9A-Fa-f]{2}|[\w.~!$&'()*+,;=:@/-]+)/;

function encodeLiteral(literal: string): string {
  return literal
    .split(LEGAL_IN_PATH)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
}

/** `..` would climb out of the base address; an address parser resolves it even when percent-encoded. */
function refuseDotSegments(path: string, template: Template): void {
  const segments = path.split(/[/\\]/).map((segment) => segment.replace(/%2e/gi, '.'));
  if (!segments.some((segment) => segment === '.' || segment === '..')) return;
  throw new CannotRunError(
    'connection/wrong-value',
    `A value makes the path ${JSON.stringify(template)} lead elsewhere.`,
    {
      hint: 'A path may not hold "." or ".." as a part; check the connection properties that stand in it.',
    },
  );
}

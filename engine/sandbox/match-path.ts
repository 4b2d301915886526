import type { RouteDescription } from './sandbox-description.ts';

export type PathMatch = { readonly [placeholder: string]: string };

/** A path with `{placeholder}` segments to a function that reads them; `undefined`: another path. */
export function compilePath(pattern: string): (pathname: string) => PathMatch | undefined {
  const names: string[] = [];
  const source = pattern
    .split(/(\{\w+\})/)
    .map((part) => {
      if (!/^\{\w+\}$/.test(part)) return part.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
      names.push(part.slice(1, -1));
      return '([^/]+)';
    })
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (pathname) => {
    const found = expression.exec(pathname);
    if (found === null) return undefined;
    return Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']));
  };
}

export type Call = {
  readonly version: string;
  /** Without version and arguments. */
  readonly path: string;
  /** As written between the parentheses; `undefined`: no parentheses. */
  readonly argumentText: string | undefined;
};

/** `/v1/reports/count(kind='all')` taken apart; `undefined`: not of that form, or not decodable. */
export function readCall(pathname: string, versioned = true): Call | undefined {
  const decoded = decode(pathname);
  if (!versioned) return decoded === undefined ? undefined : { version: '', path: decoded, argumentText: undefined };
  const parts = decoded === undefined ? null : /^\/([^/]+)(\/[^()]*?)(?:\((.*)\))?$/.exec(decoded);
  if (parts === null) return undefined;
  return { version: parts[1] ?? '', path: parts[2] ?? '', argumentText: parts[3] };
}

/** The arguments with their defaults; `undefined`: one is missing, unknown, unquoted or not allowed. */
export function readArguments(call: Call, route: RouteDescription): PathMatch | undefined {
  const allowed = route.arguments ?? {};
  const given = splitArguments(call.argumentText ?? '');
  if (given === undefined || Object.keys(given).some((name) => !(name in allowed))) return undefined;
  const read: { [name: string]: string } = {};
  for (const [name, argument] of Object.entries(allowed)) {
    const text = given[name] ?? argument.default;
    const value = argument.values.find((one) => one.toLowerCase() === text?.toLowerCase());
    if (value === undefined) return undefined;
    read[name] = value;
  }
  return read;
}

/** `a='x',b='it''s'`: a quote inside is doubled. */
function splitArguments(text: string): PathMatch | undefined {
  const read: { [name: string]: string } = {};
  let rest = text;
  while (rest !== '') {
    const found = /^\s*(\w+)\s*=\s*'((?:[^']|'')*)'\s*(?:,(?=.)|$)/.exec(rest);
    if (found === null) return undefined;
    read[found[1] ?? ''] = (found[2] ?? '').replaceAll("''", "'");
    rest = rest.slice(found[0].length);
  }
  return read;
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

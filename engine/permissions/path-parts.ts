/** One part of a path, in the form in which parts are compared: lower case, `{}` in place of every value. */
export type PathPart = {
  readonly text: string;
  /** The name of a function without its arguments; catalogues leave them out at times. */
  readonly bare?: string;
};

/**
 * Cuts a path into parts. `/Users('{id}')/x` and `/users/{userId}/X` give the same; the arguments of a function are
 * told by name and in the order of the alphabet, as their order means nothing. A query is left out.
 */
export function pathParts(path: string): PathPart[] {
  const [address = ''] = path.split('?', 1);
  return segmentsOf(address.toLowerCase()).flatMap(partsOf);
}

/** The parts as a path again, the form in which two spellings of one path are equal. */
export function canonicalPath(path: string): string {
  return `/${pathParts(path)
    .map(({ text }) => text)
    .join('/')}`;
}

/** A slash between parentheses belongs to an argument. */
function segmentsOf(address: string): readonly string[] {
  if (!address.includes('(')) return address.split('/').filter((segment) => segment !== '');
  return address.match(/(?:[^/(]|\([^)]*\)?)+/g) ?? [];
}

function partsOf(segment: string): PathPart[] {
  if (!segment.includes('(')) return [{ text: withoutValues(segment) }];
  const [, name = '', inside = '', rest = ''] = /^([^(]+)\(([^)]*)\)(.*)$/.exec(segment) ?? [];
  if (name === '') return [{ text: withoutValues(segment) }];
  if (inside.trim() === '') return [{ text: withoutValues(name + rest) }];
  // A key between parentheses is the same as one after a slash.
  if (!inside.includes('=')) return [{ text: withoutValues(name) }, { text: `{}${withoutValues(rest)}` }];
  const names = inside.split(',').map((argument) => argument.split('=', 1)[0]?.trim() ?? '');
  const called = names
    .sort()
    .map((argument) => `${argument}={}`)
    .join(',');
  const text = `${withoutValues(name)}(${called})${withoutValues(rest)}`;
  return [rest === '' ? { text, bare: withoutValues(name) } : { text }];
}

function withoutValues(text: string): string {
  return text.includes('{') ? text.replace(/\{[^}]*\}/g, '{}') : text;
}

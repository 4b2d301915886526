/** A value as it may stand in a message: JSON, cut to sixty letters. */
export function excerpt(value: unknown): string {
  // Cut first: a text of megabytes need not be written out whole to be shown in part.
  const text = value === undefined ? 'nothing' : JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** A JSON Pointer as people write paths: `/user/groups/0/name` is `user.groups[0].name`. */
export function pathOf(pointer: string): string {
  if (pointer === '') return 'the record';
  return partsOf(pointer)
    .map((part) => part.slice(0, 60))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** The keys that a JSON Pointer goes through. */
export function partsOf(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescapePart);
}

export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function unescapePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

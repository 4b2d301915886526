import { pointerKeys } from '../json-pointer.ts';

/** A value as it may stand in a message: JSON, cut to sixty letters. */
export function excerpt(value: unknown): string {
  // Cut first: a text of megabytes need not be written out whole to be shown in part.
  const text = value === undefined ? 'nothing' : JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** A JSON Pointer as people write paths: `/user/groups/0/name` is `user.groups[0].name`. */
export function pathOf(pointer: string): string {
  if (pointer === '') return 'the record';
  return pointerKeys(pointer)
    .map((part) => part.slice(0, 60))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

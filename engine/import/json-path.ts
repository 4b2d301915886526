import { pointerTo } from '../json-pointer.ts';

/** `$.data.items`, `data.items`, `$['a b'][0]` as a JSON Pointer; `undefined` for what asks for more than one value. */
export function pointerOf(path: string): string | undefined {
  const text = path.trim().replace(/^\$/, '');
  if (text === '' || text === '.') return '';
  const dotted = /^[.[]/.test(text) ? text : `.${text}`;
  const steps = [...dotted.matchAll(/\.([^.[\]()*?@]+)|\[(\d+)\]|\[(['"])(.*?)\3\]|(.)/gs)];
  if (steps.some(([, , , , , other]) => other !== undefined)) return undefined;
  return pointerTo(steps.map(([, key, index, , quoted]) => key ?? index ?? quoted ?? ''));
}

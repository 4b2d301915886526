/** `$.data.items`, `data.items`, `$['a b'][0]` as a JSON Pointer; `undefined` for what asks for more than one value. */
export function pointerOf(path: string): string | undefined {
  const text = path.trim().replace(/^\$/, '');
  if (text === '' || text === '.') return '';
  const dotted = /^[.[]/.test(text) ? text : `.${text}`;
  const steps = [...dotted.matchAll(/\.([^.[\]()*?@]+)|\[(\d+)\]|\[(['"])(.*?)\3\]|(.)/gs)];
  if (steps.some(([, , , , , other]) => other !== undefined)) return undefined;
  return steps.map(([, key, index, , quoted]) => `/${escaped(key ?? index ?? quoted ?? '')}`).join('');
}

/** Keys one below the other as a JSON Pointer. */
export function pointerTo(keys: readonly string[]): string {
  return keys.map((key) => `/${escaped(key)}`).join('');
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

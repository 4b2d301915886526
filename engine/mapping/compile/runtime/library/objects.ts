import { Lambda, type Implementation } from '../functions.ts';
import { setField } from '../construct.ts';
import { append, createSequence, isArray, type List } from '../sequence.ts';

/** The functions that make objects. The package's own make objects without a prototype, which are slow to write out. */
export const objects: { readonly [name: string]: Implementation } = {
  merge: (list) => {
    if (list === undefined) return undefined;
    const merged = {};
    for (const object of list as List) {
      if (typeof object !== 'object' || object === null) continue;
      for (const [key, value] of Object.entries(object)) setField(merged, key, value);
    }
    return merged;
  },
  spread,
};

function spread(value: unknown): unknown {
  if (isArray(value)) {
    let result: unknown = createSequence();
    for (const item of value) result = append(result, spread(item));
    return result;
  }
  if (typeof value !== 'object' || value === null || value instanceof Lambda) return value;
  const result = createSequence();
  for (const [key, field] of Object.entries(value)) {
    const object = {};
    setField(object, key, field);
    result.push(object);
  }
  return result;
}

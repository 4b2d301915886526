import type { Option, Value } from './value.ts';

/** Whether something may come out of a value; null, "", `{}` and `[]` count as nothing. */
export function canBeGiven({ options }: Value): boolean {
  return options.some((option) => !isNothing(option));
}

/** Whether something comes out whatever the source sends. */
export function isAlwaysGiven({ options, absent }: Value): boolean {
  return !absent && options.length > 0 && options.every(isSomething);
}

export function isNothing(option: Option): boolean {
  switch (option.kind) {
    case 'null':
    case 'function':
      return true;
    case 'string':
      return option.literal === '';
    case 'array':
      return option.min === 0 && !canBeGiven(option.items);
    case 'object':
      return !option.open && ![...option.fields.values()].some(({ value }) => canBeGiven(value));
    case 'any':
    case 'boolean':
    case 'number':
      return false;
    default:
      return option satisfies never;
  }
}

function isSomething(option: Option): boolean {
  switch (option.kind) {
    case 'boolean':
    case 'number':
      return true;
    case 'string':
      return option.literal !== undefined && option.literal !== '';
    case 'array':
      return option.min > 0 && isAlwaysGiven(option.items);
    case 'object':
      return [...option.fields.values()].some(({ value }) => isAlwaysGiven(value));
    case 'any':
    case 'null':
    case 'function':
      return false;
    default:
      return option satisfies never;
  }
}

import { literalOf, type Option, type Value } from './value.ts';

/** Whether a value counts as true; `undefined` where that depends. What the source sends always depends. */
export function truthOf({ options, absent }: Value): boolean | undefined {
  const truths = new Set(options.map((option) => (isFromSource(option) ? undefined : truthOfOption(option))));
  if (absent) truths.add(false);
  const [truth] = truths;
  return truths.size === 1 ? truth : undefined;
}

/** As JSONata's `$boolean` has it. */
export function truthOfOption(option: Option): boolean | undefined {
  switch (option.kind) {
    case 'null':
    case 'function':
      return false;
    case 'boolean':
    case 'number':
    case 'string':
      return option.literal === undefined ? undefined : Boolean(literalOf(option));
    case 'object':
      return option.fields.size === 0 && !option.open ? false : undefined;
    case 'any':
    case 'array':
      return undefined;
    default:
      return option satisfies never;
  }
}

function isFromSource(option: Option): boolean {
  return option.kind === 'any' || option.origin.by === 'source';
}

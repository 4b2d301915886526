import {
  anything,
  elementsOf,
  type Field,
  itemsOf,
  join,
  nothing,
  object,
  type Option,
  present,
  type Value,
  withAbsent,
} from './value.ts';

type Draft = { readonly fields: ReadonlyMap<string, Field>; readonly open: boolean };

/**
 * `$merge`: the fields of all objects, the later in place of the earlier.
 *
 * Which of an element's options goes with which of another's is not followed: conditions may have paired them. A field
 * that only some of them have may be absent.
 */
export function merged(list: Value, at: number): Value {
  if (list.options.length === 0) return nothing;
  const elements = elementsOf(present(list));
  const { fields, open } = elements === undefined ? ofUnknownOrder(list) : inOrder(elements);
  return withAbsent(object(fields, open, { by: 'mapping', at }), list.absent);
}

function inOrder(elements: readonly Value[]): Draft {
  return elements.map(draftOf).reduce(laidOver, { fields: new Map(), open: false });
}

/** What an element adds. An array among the objects pours out several, of which little is known. */
function draftOf(element: Value): Draft {
  if (element.options.some(({ kind }) => kind === 'array')) return ofUnknownOrder(element);
  const drafts = element.options.map(draftOfOption);
  const fields = new Map<string, Field>();
  for (const draft of drafts) {
    for (const [name, field] of draft.fields) {
      const values = drafts.map((each) => each.fields.get(name)?.value ?? (each.open ? anything : nothing));
      fields.set(name, { ...field, value: withAbsent(join(values), element.absent || join(values).absent) });
    }
  }
  return { fields, open: drafts.some(({ open }) => open) };
}

function draftOfOption(option: Option): Draft {
  return option.kind === 'object' ? option : { fields: new Map(), open: option.kind === 'any' };
}

function laidOver(before: Draft, { fields: added, open }: Draft): Draft {
  // Under an object that may hold more, nothing is certain any longer but the names.
  const base = open ? [...before.fields].map(([name, field]) => [name, unsure(field)] as const) : before.fields;
  const fields = new Map(base);
  for (const [name, field] of added) {
    const earlier = fields.get(name)?.value;
    const isKept = field.value.absent && earlier !== undefined;
    const value = isKept ? { ...join([earlier, field.value]), absent: earlier.absent } : field.value;
    fields.set(name, { ...field, value });
  }
  return { fields, open: before.open || open };
}

function unsure(field: Field): Field {
  return { ...field, value: withAbsent(join([field.value, present(anything)]), field.value.absent) };
}

/** Any of the fields there are may come out. */
function ofUnknownOrder(list: Value): Draft {
  const drafts = itemsOf(list).options.map(draftOfOption);
  const fields = new Map<string, Field>();
  for (const draft of drafts) {
    for (const [name, field] of draft.fields) {
      const before = fields.get(name)?.value;
      const value = before === undefined ? field.value : join([before, field.value]);
      fields.set(name, { ...field, value: withAbsent(value) });
    }
  }
  return { fields, open: true };
}

/** A place in what a mapping is given: in the source record, or in a binding such as `$connection`. */
export type Place = {
  /** The name of the binding without `$`; absent for the source record. */
  readonly binding?: string;
  readonly keys: readonly (string | number)[];
};

/** Where each object and array stands that a mapping is given. They are told apart by being the very same object. */
export type Places = {
  placeOf(value: unknown): Place | undefined;
};

export function placesIn(row: unknown, bindings: { readonly [name: string]: unknown }): Places {
  const places = new Map<object, Place>();
  const note = (value: unknown, place: Place) => {
    if (typeof value !== 'object' || value === null || places.has(value)) return;
    places.set(value, place);
    for (const [key, inner] of entriesOf(value)) note(inner, inside(place, key));
  };
  note(row, { keys: [] });
  for (const [binding, value] of Object.entries(bindings)) note(value, { binding, keys: [] });
  return { placeOf: (value) => (typeof value === 'object' && value !== null ? places.get(value) : undefined) };
}

export function inside(place: Place, key: string | number): Place {
  return { ...place, keys: [...place.keys, key] };
}

/** As a mapping would write it: `methods[0].name`, `$connection.tenantId`; `$` for the source record as a whole. */
export function pathText({ binding, keys }: Place): string {
  const start = binding === undefined ? '' : `$${binding}`;
  const text = keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) || key === '*' || key === '**' ? key : `\`${key}\``;
    return path === '' ? name : `${path}.${name}`;
  }, start);
  return text === '' ? '$' : text;
}

/** Whether one place lies inside the other. */
export function isInside(inner: Place, outer: Place): boolean {
  return (
    inner.binding === outer.binding &&
    inner.keys.length > outer.keys.length &&
    outer.keys.every((key, index) => key === inner.keys[index])
  );
}

function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value) ? value.map((item, index) => [index, item]) : Object.entries(value);
}

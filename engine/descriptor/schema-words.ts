/** The schemas' patterns in words, for who wrote something else; a test holds that each has its own. */
const patterns: { readonly [pattern: string]: string } = {
  '^[a-z][a-z0-9]*(-[a-z0-9]+)*$': 'Write small letters and digits, with hyphens between words, such as active-users.',
  '^[a-z][A-Za-z0-9]*$': 'Write letters and digits, beginning with a small letter, such as clientId.',
  '^https://': 'Write the whole address, beginning with https://.',
  '^(/.*)?$': 'Write a JSON Pointer: /data/items, or "" for the whole body.',
  '^[^/\\\\]+\\.jsonata$': 'Write the name of a file under mappings/, such as people.jsonata.',
};

export function hintOnPattern(pattern: string): string {
  return patterns[pattern] ?? `It must fit the pattern ${pattern}.`;
}

const types: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  null: 'empty',
};

/** `type` as a JSON Schema has it: a name or several. */
export function typesInWords(type: unknown): string {
  return namesOf(type)
    .map((name) => types[name] ?? name)
    .join(' or ');
}

export function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length > 40 ? 'text' : `the text ${JSON.stringify(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}, a ${typeof value}` : 'a block of keys';
}

/** YAML 1.2 took the yes, no, on and off of YAML 1.1 back. */
const oldBooleans: { readonly [word: string]: boolean } = {
  yes: true,
  y: true,
  on: true,
  no: false,
  n: false,
  off: false,
};

/** What to write in place of a value of the wrong type: most such values are a trap of YAML. */
export function hintOnType(type: unknown, value: unknown): string {
  const wanted = namesOf(type);
  if (value === null || value === undefined) return 'Nothing stands after the key: give it a value, or take it out.';
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (wanted.includes('string') && isScalar) return 'Put it in quotes, so that YAML reads it as text.';
  if (wanted.includes('boolean') && typeof value === 'string') {
    const meant = oldBooleans[value.toLowerCase()] ?? (value === 'true' ? true : value === 'false' ? false : undefined);
    return meant === undefined
      ? 'Write true or false.'
      : `Write ${meant}, without quotes: YAML 1.2 reads ${value} as text.`;
  }
  if (wanted.includes('array') && isScalar) return `Put it in brackets: [${value}].`;
  if (wanted.includes('object')) return 'Write one "key: value" a line below it, indented.';
  if ((wanted.includes('integer') || wanted.includes('number')) && typeof value === 'string' && value !== '') {
    return Number.isNaN(Number(value)) ? 'Write a number, in digits.' : 'Take the quotes away.';
  }
  return `Write ${typesInWords(type)}.`;
}

function namesOf(type: unknown): string[] {
  return [type].flat().map(String);
}

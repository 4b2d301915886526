import type { Constants } from '../constants.ts';
import type { Site } from '../expression-error.ts';
import type { Signature } from '../runtime/functions.ts';

/**
 * The program being written: what its functions share. Names from the expression only get into the text as string
 * literals or through {@link identifier}; nothing of the expression is ever taken as code.
 */
export type Program = {
  /** Declarations at the top, in the order they were asked for. */
  readonly declarations: string[];
  /** Runtime functions the text uses. */
  readonly runtime: Set<string>;
  /** Library functions the text uses by name; a binding of that name takes precedence, and then the text is not for it. */
  readonly library: Set<string>;
  /** Bindings the text reads: name to JavaScript name. */
  readonly bindings: Map<string, string>;
  /** Regular expressions and signatures, handed in as values. */
  readonly values: unknown[];
  /** Names tuples may bind, in any path of the expression. */
  readonly tupleNames: ReadonlySet<string>;
  /** Names that stand with a filter, a group or `[]` behind them somewhere. */
  readonly filtered: ReadonlySet<string>;
  /** Variables that hold a constant. */
  readonly constants: Constants;
  /** The lists that are searched: JavaScript name to the texts of the items. */
  readonly lists: Map<string, readonly string[]>;
  /** Fields of bindings the text reads: JavaScript name to what it is read by. */
  readonly bindingFields: Map<string, string>;
  /** Fields of the input the text reads: JavaScript name to what it is read by. */
  readonly inputFields: Map<string, string>;
  readonly taken: Set<string>;
  readonly shared: Map<string, string>;
};

export function newProgram(names: Pick<Program, 'tupleNames' | 'filtered' | 'constants'>): Program {
  return {
    ...names,
    declarations: [],
    runtime: new Set(),
    library: new Set(),
    bindings: new Map(),
    values: [],
    lists: new Map(),
    bindingFields: new Map(),
    inputFields: new Map(),
    taken: new Set(['root', 'input', 'bindings', 'values', 'runtime', 'library', 'eval', 'arguments']),
    shared: new Map(),
  };
}

/** The name of a runtime function, noted as used. */
export function use(program: Program, name: string): string {
  program.runtime.add(name);
  return name;
}

/** A JavaScript name like the given text that nothing else has. */
export function identifier(program: Program, like: string): string {
  const plain = like.replaceAll(/[^A-Za-z0-9_$]/g, '_').slice(0, 40);
  // The dollar or underscore keeps it apart from the language's own words and the runtime's names.
  const base = /^[$]./.test(plain) || /_/.test(plain) ? plain : `${plain}_`;
  let name = /^[0-9]/.test(base) ? `_${base}` : base;
  for (let count = 2; program.taken.has(name); count++) name = `${base}${count}`;
  program.taken.add(name);
  return name;
}

/** A value declared once at the top under one name, however often it is asked for. */
export function declare(program: Program, key: string, like: string, write: (name: string) => string): string {
  return shared(program, key, like, (name) => program.declarations.push(write(name)));
}

/** A name given once, however often it is asked for. */
export function shared(program: Program, key: string, like: string, give: (name: string) => void): string {
  const known = program.shared.get(key);
  if (known !== undefined) return known;
  const name = identifier(program, like);
  program.shared.set(key, name);
  give(name);
  return name;
}

export function text(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** A place in the expression, for errors. */
export function site(program: Program, { position, token, overrides }: Site): string {
  const fields = [`position: ${position}`, `token: ${token === undefined ? 'undefined' : text(token)}`];
  if (overrides === true) fields.push('overrides: true');
  const literal = `{ ${fields.join(', ')} }`;
  return declare(program, `site ${literal}`, `at_${position ?? 'start'}`, (name) => `const ${name} = ${literal};`);
}

/** A library function as a value. */
export function libraryFunction(program: Program, name: string): string {
  program.library.add(name);
  return declare(program, `library ${name}`, `$${name}`, (js) => `const ${js} = library.get(${text(name)});`);
}

/** A value that is no text: a regular expression, a signature. */
export function value(program: Program, like: string, thing: RegExp | Signature): string {
  program.values.push(thing);
  const index = program.values.length - 1;
  return declare(program, `value ${index}`, like, (name) => `const ${name} = values[${index}];`);
}

/** How a field is read: `at` gives its value, `in` the items of a path's next step, `get` a path's value. */
export type Reading = 'at' | 'in' | 'get';

const readers: { [reading in Reading]: { slow: string; array: string } } = {
  at: { slow: 'fieldAt', array: 'atValue' },
  in: { slow: 'fieldStep', array: 'fieldItems' },
  get: { slow: 'fieldLast', array: 'lastValue' },
};

/** A field of an input that is a plain object, under the name it is read into before all else. */
export function inputField(program: Program, reading: Reading, key: string): string {
  const { array } = readers[reading];
  const known = program.shared.get(`input ${reading} ${key}`);
  if (known !== undefined) return known;
  const name = identifier(program, reading === 'get' ? `${key}_` : `${reading}_${key}`);
  program.shared.set(`input ${reading} ${key}`, name);
  const read = key in Object.prototype ? `${use(program, 'lookup')}(input, ${text(key)})` : member('input', key);
  program.inputFields.set(name, `${use(program, `${array}Of`)}(${read})`);
  return name;
}

function member(object: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${object}.${key}` : `${object}[${text(key)}]`;
}

/**
 * The function that reads one field, written out so that each field's reads are told apart by the engine's caches.
 *
 * The fast way does not ask whether a field is an object's own: names every object has are read the slow way. The marks
 * are those of the interpreter's functions, which have no fields for the language.
 */
export function reader(program: Program, reading: Reading, key: string): string {
  const { slow, array } = readers[reading];
  return declare(program, `${reading} ${key}`, `${reading}_${key}`, (name) => {
    const slowly = `${use(program, slow)}(x, ${text(key)})`;
    if (key in Object.prototype) return `const ${name} = (x) => ${slowly};`;
    return [
      `const ${name} = (x) => {`,
      'if (typeof x !== "object" || x === null) return undefined;',
      `if (${use(program, 'isArray')}(x) || x._jsonata_lambda === true || x._jsonata_function === true) return ${slowly};`,
      `const value = ${member('x', key)};`,
      `return isArray(value) ? ${use(program, array)}(value) : value;`,
      '};',
    ].join('\n');
  });
}

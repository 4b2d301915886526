import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as draft07 from 'ajv';
import type { Options, ValidateFunction } from 'ajv';
import type * as draft2020 from 'ajv/dist/2020.js';
import type standalone from 'ajv/dist/standalone/index.js';
import type * as ajvFormats from 'ajv-formats';

/** Words that our schemas carry for people and programs, and that forbid nothing. `x-…` may be used freely as well. */
const annotations = ['help', 'secret', 'choices', 'sets', 'traps', 'unit', 'hint', 'markdownDescription'];

// ajv takes a while to load, and is only needed for a schema that was not compiled at build. A check answers at once, so
// that it cannot wait for `import()`.
const require = createRequire(import.meta.url);

/** Compiles a schema in this process. Throws what is wrong with the schema itself. */
export function compileWithAjv(schema: object, related: readonly object[]): ValidateFunction {
  return ajvFor(schema, related, {}).compile(schema);
}

/** The text of a CommonJS module whose export does what {@link compileWithAjv} gives. */
export function writeWithAjv(schema: object, related: readonly object[]): string {
  const standaloneCode = require('ajv/dist/standalone') as typeof standalone.default;
  const ajv = ajvFor(schema, related, { source: true });
  return standaloneCode(ajv, ajv.compile(schema));
}

/** What {@link writeWithAjv} depends on beside its schemas: ajv's version, and this file. */
export function madeBy(): string {
  const { version } = require('ajv/package.json') as { version: string };
  const hash = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
  return `Made by ajv ${version}, as told by ${hash}.`;
}

function ajvFor(schema: object, related: readonly object[], code: Options['code']) {
  const { Ajv } = require('ajv') as typeof draft07;
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof draft2020;
  const { default: formats } = require('ajv-formats') as typeof ajvFormats;
  const options: Options = {
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { ...code, regExp: Object.assign(patientRegExp, { code: `(${String(patientRegExp)})` }) },
  };
  const ajv = isDraft07(schema) ? new Ajv(options) : new Ajv2020(options);
  formats.default(ajv);
  for (const word of new Set([...annotations, ...freeWords([schema, ...related])])) {
    if (ajv.getKeyword(word) === false) ajv.addKeyword(word);
  }
  for (const other of related) ajv.addSchema(other);
  return ajv;
}

/**
 * On a hostile text of megabytes a pattern may exhaust the stack, which V8 throws; such a text does not match.
 * Its own text goes into the modules written at build: it may use nothing from around it.
 */
function patientRegExp(pattern: string, flags: string) {
  const expression = new RegExp(pattern, flags);
  const test = (text: string): boolean => {
    try {
      return expression.test(text);
    } catch {
      return false;
    }
  };
  // ajv keeps patterns by their text: without one of its own, each would be taken for the first.
  return { test, toString: () => expression.toString() };
}

function isDraft07(schema: object): boolean {
  return '$schema' in schema && typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
}

function freeWords(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(key.startsWith('x-') ? [key] : []), ...freeWords(inner)]);
}

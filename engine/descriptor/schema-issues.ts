import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { CheckSchema, SchemaViolation } from '../schema/compile-schema.ts';
import type { YamlFile } from './yaml-file.ts';

/** What a YAML file breaks of its schema, each at its line and with what to write instead. */
export function schemaIssues(file: YamlFile, check: CheckSchema): Issue[] {
  return check(file.value)
    .filter(({ keyword }) => keyword !== 'if') // repeats what its then-branch says better
    .map((violation) => toIssue(violation, file));
}

function toIssue(violation: SchemaViolation, file: YamlFile): Issue {
  const { keyword, pointer, params, message } = violation;
  const name = pointer.split('/').at(-1) ?? '';
  const where = pointer === '' ? 'the descriptor' : `"${pointer.slice(1).replaceAll('/', '.')}"`;
  switch (keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      return {
        code: 'descriptor/unknown-key',
        severity: 'error',
        message: `"${key}" is not a key of ${where}.`,
        hint: didYouMeanHint(key, violation.known ?? []),
        at: file.locate(pointer, key),
        pointer,
      };
    }
    case 'required':
      return {
        code: 'descriptor/missing-key',
        severity: 'error',
        message: `${where} lacks the key "${String(params['missingProperty'])}".`,
        at: file.locate(pointer),
        pointer,
      };
    case 'enum':
    case 'const': {
      const allowed = keyword === 'enum' ? (params['allowedValues'] as unknown[]) : [params['allowedValue']]; // ajv's own shape
      return {
        code: 'descriptor/wrong-value',
        severity: 'error',
        message: `${where} cannot be ${JSON.stringify(violation.value)}.`,
        hint: didYouMeanHint(String(violation.value), allowed.map(String)),
        at: file.locate(pointer),
        pointer,
      };
    }
    case 'propertyNames':
    case 'pattern':
      return {
        code: 'descriptor/wrong-value',
        severity: 'error',
        message: `${where}: ${message}.`,
        at: file.locate(pointer, keyword === 'propertyNames' ? String(params['propertyName']) : undefined),
        pointer,
      };
    default:
      return {
        code: 'descriptor/wrong-value',
        severity: 'error',
        message: `${name === '' ? 'The descriptor' : where} ${message}.`,
        at: file.locate(pointer),
        pointer,
      };
  }
}

import type { IssueCode } from '../diagnostics/codes.ts';
import { didYouMean, didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { CheckSchema, SchemaViolation } from '../schema/compile-schema.ts';
import { hintOnPattern, hintOnType, kindOfValue, typesInWords } from './schema-words.ts';
import type { YamlFile } from './yaml-file.ts';

/** What a YAML file breaks of its schema, each at its line and with what to write instead. */
export function schemaIssues(file: YamlFile, check: CheckSchema): Issue[] {
  if (file.value === null || file.value === undefined) return [emptyFile(file)];
  const violations = check(file.value).filter(({ keyword }) => !repeats.includes(keyword));
  const issues = violations
    .filter((each) => !isMistyped(each, violations))
    .map((violation) => ({ what: JSON.stringify([violation.keyword, violation.params]), ...toIssue(violation, file) }));
  return onceEach(issues).sort((one, other) => placeOf(one) - placeOf(other));
}

function emptyFile(file: YamlFile): Issue {
  const message = `${file.file} is empty.`;
  const hint = 'Fill it, or take it away; integrations/REFERENCE.md lists every key.';
  return { code: 'descriptor/wrong-value', severity: 'error', message, hint, at: file.locate('') };
}

/** In the order of the lines; what stands on one line keeps the order of the schema. */
function placeOf({ at }: Issue): number {
  return at?.line ?? 0;
}

/** A fault in an anchored block is one fault, however often the block is used. */
function onceEach(issues: readonly (Issue & { readonly what: string })[]): Issue[] {
  const told = new Set<string>();
  return issues.flatMap(({ what, ...issue }) => {
    const fault = `${issue.at?.line}:${issue.at?.column} ${what}`;
    if (told.has(fault)) return [];
    told.add(fault);
    return [issue];
  });
}

/** Each repeats what the rule inside it says better. */
const repeats = ['if', 'propertyNames'];

/** A key is not missing where it stands mistyped. */
function isMistyped({ keyword, pointer, params }: SchemaViolation, violations: readonly SchemaViolation[]): boolean {
  return (
    keyword === 'required' &&
    violations.some(
      (other) =>
        other.keyword === 'additionalProperties' &&
        other.pointer === pointer &&
        didYouMean(unknownKey(other), other.known ?? []) === params['missingProperty'],
    )
  );
}

function toIssue(violation: SchemaViolation, file: YamlFile): Issue {
  const { keyword, pointer, params } = violation;
  const where = pointer === '' ? 'the top level' : `"${pointer.slice(1).replaceAll('/', '.')}"`;
  const issue = (code: IssueCode, message: string, hint: string, key?: string): Issue => ({
    code,
    severity: 'error',
    message: message.charAt(0).toUpperCase() + message.slice(1),
    hint,
    at: file.locate(pointer, key),
    pointer,
  });
  switch (keyword) {
    case 'additionalProperties': {
      const key = unknownKey(violation);
      const hint = didYouMeanHint(key, violation.known ?? []);
      return issue('descriptor/unknown-key', `"${key}" is not a key of ${where}.`, hint, key);
    }
    case 'required': {
      const key = String(params['missingProperty']);
      const hint = `Add "${key}"${violation.about === undefined ? '.' : `: ${violation.about}`}`;
      return issue('descriptor/missing-key', `${where} lacks the key "${key}".`, hint);
    }
    case 'enum':
    case 'const': {
      const allowed = keyword === 'enum' ? (params['allowedValues'] as unknown[]) : [params['allowedValue']]; // ajv's own shape
      const hint = didYouMeanHint(String(violation.value), allowed.map(String));
      return issue('descriptor/wrong-value', `${where} cannot be ${JSON.stringify(violation.value)}.`, hint);
    }
    case 'pattern':
      return wrongForm(violation, where, issue);
    case 'type':
      return issue(
        'descriptor/wrong-value',
        `${where} must be ${typesInWords(params['type'])}, not ${kindOfValue(violation.value)}.`,
        hintOnType(params['type'], violation.value),
      );
    default:
      return issue('descriptor/wrong-value', `${where} ${violation.message}.`, violation.about ?? 'Change the value.');
  }
}

type MakeIssue = (code: IssueCode, message: string, hint: string, key?: string) => Issue;

/** A name that does not fit is a key of the block at the pointer, not its value. */
function wrongForm({ params, schemaPath, value }: SchemaViolation, where: string, issue: MakeIssue): Issue {
  const name = schemaPath.includes('/propertyNames/') ? String(value) : undefined;
  const message =
    name === undefined
      ? `${where} cannot be ${JSON.stringify(value)}.`
      : `"${name}", a key of ${where}, is not of the form it must have.`;
  return issue('descriptor/wrong-value', message, hintOnPattern(String(params['pattern'])), name);
}

function unknownKey({ params }: SchemaViolation): string {
  return String(params['additionalProperty']);
}

import type { Issue } from '../../diagnostics/issue.ts';
import { placeholdersIn } from '../placeholders.ts';
import { type Check, issueAt, type Subject } from './subject.ts';
import { textsIn } from './written-texts.ts';

/** Rate limits that are declared and used by no stream. */
export const unusedRateLimits: Check = ({ descriptor, integrationFile }) => {
  const used = new Set(descriptor.streams.map(({ rateLimit }) => rateLimit));
  return Object.keys(descriptor.rateLimits)
    .filter((name) => !used.has(name))
    .map((name) =>
      issueAt(
        integrationFile.locate,
        '/rateLimits',
        {
          code: 'descriptor/unused-rate-limit',
          severity: 'warning',
          message: `No stream keeps to the rate limit "${name}".`,
          hint: `Write "rateLimit: ${name}" in the streams it is for, or under defaults; or take it out.`,
        },
        name,
      ),
    );
};

/** Connection properties that are declared and used by nothing. `expressions` are the feed's JSONata texts. */
export function unusedProperties(subject: Subject, expressions: readonly string[]): Issue[] {
  const used = usedProperties(subject, expressions);
  return Object.keys(subject.descriptor.connection.properties)
    .filter((name) => !used(name))
    .map((name) =>
      issueAt(
        subject.integrationFile.locate,
        '/connection/properties',
        {
          code: 'descriptor/unused-property',
          severity: 'warning',
          message: `Nothing uses the connection property "${name}", and an operator would be asked for it.`,
          hint: `Write {${name}} where its value belongs, or take it out.`,
        },
        name,
      ),
    );
}

/** A property counts as used also where it only chooses, by its `sets`, the values of others that are. */
function usedProperties(subject: Subject, expressions: readonly string[]): (name: string) => boolean {
  const { properties } = subject.descriptor.connection;
  const named = namedSomewhere(subject);
  const inExpressions = connectionFieldsOf(expressions);
  const used = (name: string, seen: readonly string[] = []): boolean => {
    if (named.has(name) || inExpressions === 'all' || inExpressions.has(name)) return true;
    const chosen = Object.values(properties[name]?.choices ?? {}).flatMap(({ sets }) => Object.keys(sets));
    return chosen.some((other) => other !== name && !seen.includes(other) && used(other, [...seen, name]));
  };
  return used;
}

/** Names in placeholders, as a plain value (`property: period`), and as keys of conditions on the operator's choice. */
function namedSomewhere({ descriptor, integrationFile, errorsFile, setupFile }: Subject): Set<string> {
  const outside = textsIn(integrationFile).filter(({ steps }) => steps[0] !== 'connection');
  const beside = [errorsFile, setupFile].flatMap((file) => (file === undefined ? [] : textsIn(file)));
  const texts = [...outside, ...beside];
  return new Set([
    ...texts.flatMap(({ text }) => [text, ...placeholdersIn(text)]),
    ...descriptor.streams.flatMap(({ availableWhen, derive }) => [
      ...Object.keys(availableWhen),
      ...Object.keys(derive?.where ?? {}),
    ]),
  ]);
}

/** The fields of `$connection` that expressions read; all, where one takes it as a whole. */
function connectionFieldsOf(expressions: readonly string[]): Set<string> | 'all' {
  const fields = new Set<string>();
  for (const expression of expressions) {
    for (const [, field] of expression.matchAll(/\$connection\b(?:\s*\.\s*[`"']?([A-Za-z_]\w*))?/g)) {
      if (field === undefined) return 'all';
      fields.add(field);
    }
  }
  return fields;
}

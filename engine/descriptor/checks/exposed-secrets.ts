import type { Issue } from '../../diagnostics/issue.ts';
import type { ConnectionProperty } from '../descriptor.ts';
import { placeholdersIn } from '../placeholders.ts';
import { type Check, issueAt, type Subject } from './subject.ts';
import { adviceTextsOf, templatesOf, type WrittenText } from './written-texts.ts';

/** Secrets that are sent or told where logs, reports and messages show them; and properties that should be secret and are not. */
export const exposedSecrets: Check = (subject) => [
  ...templatesOf(subject).flatMap((text) => {
    const place = showingPlace(text.steps);
    return place === undefined ? [] : exposed(text, place, subject);
  }),
  ...adviceTextsOf(subject).flatMap((text) => exposed(text, 'a text that the operator reads', subject)),
  ...unmarkedSecrets(subject),
];

/** A secret belongs in auth and in headers; addresses are logged by every server on the way. */
function showingPlace(steps: readonly string[]): string | undefined {
  const key = steps.at(-1) ?? '';
  if (key === 'tenantUid') return 'the id of the tenant, which every record carries';
  if (/^baseUrl$|Url$/.test(key)) return 'an address';
  if (steps[0] === 'auth') return undefined;
  if (key === 'path') return "a stream's address";
  return steps.includes('query') ? 'a query' : undefined;
}

function exposed({ file, pointer, text }: WrittenText, place: string, { descriptor }: Subject): Issue[] {
  return placeholdersIn(text)
    .filter((name) => descriptor.connection.properties[name]?.secret === true)
    .map((name) =>
      issueAt(file.locate, pointer, {
        code: 'descriptor/secret-exposed',
        severity: 'error',
        message: `The secret {${name}} stands in ${place}, where logs and reports would show it.`,
        hint: place.startsWith('a text')
          ? `Name the property without braces: ${name}.`
          : 'Send it by auth, or in a header. What the vendor wants in the query is "kind: api-key" with "in: query".',
      }),
    );
}

/** `secret: false` in the author's own words says that it is meant. */
function unmarkedSecrets({ descriptor, integrationFile }: Subject): Issue[] {
  // The file has passed the schema.
  const written = integrationFile.value as { connection: { properties: { [name: string]: { secret?: boolean } } } };
  return Object.entries(descriptor.connection.properties)
    .filter(([name]) => written.connection.properties[name]?.secret === undefined)
    .filter(([name, { type, format, enum: values, choices }]) => {
      if (type !== 'string' || values !== undefined || choices !== undefined) return false;
      return holdsKey(format) || saysSecret(name);
    })
    .map(([name, { format }]) =>
      issueAt(
        integrationFile.locate,
        '/connection/properties',
        {
          code: 'descriptor/unmarked-secret',
          severity: 'error',
          message: holdsKey(format)
            ? `"${name}" holds a private key, but is not marked as a secret: mappings would see it, and outputs could show it.`
            : `"${name}" sounds like a secret, but is not marked as one: mappings would see it, and outputs could show it.`,
          hint: `Add "secret: true" to the property; or "secret: false", to say that it is none.`,
        },
        name,
      ),
    );
}

function holdsKey(format: ConnectionProperty['format']): boolean {
  return format === 'pem' || format === 'private-key';
}

function saysSecret(name: string): boolean {
  return /(secret|password|passphrase|token|api_?key|privateKey|signingKey)$/i.test(name) && !/public/i.test(name);
}

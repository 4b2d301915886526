import type { Issue } from '../../diagnostics/issue.ts';
import type { ConnectionProperty } from '../descriptor.ts';
import { placeholdersIn } from '../placeholders.ts';
import { escapeKey } from '../../json-pointer.ts';
import { type Check, issueAt, type Subject } from './subject.ts';
import { textsIn, type WrittenText } from './written-texts.ts';

/** Credentials that stand in the files themselves, where everyone who sees the feed sees them. No message repeats one. */
export const secretsInClear: Check = (subject) => {
  const files = [subject.integrationFile, subject.errorsFile, subject.setupFile].filter((file) => file !== undefined);
  const written = files.flatMap(textsIn);
  const literals = written.filter((text) => isSecretLiteral(text, subject));
  return [
    ...literals.map(({ file, pointer }) =>
      issueAt(file.locate, pointer, {
        code: 'descriptor/secret-in-clear',
        severity: 'error',
        message: 'This looks like a secret in clear.',
        hint: 'Declare a connection property with "secret: true" and write {itsName} here. If the secret is a real one, have it replaced: it has been seen.',
      }),
    ),
    ...secretsWithValues(subject),
  ];
};

function secretsWithValues({ descriptor, integrationFile }: Subject): Issue[] {
  const { properties } = descriptor.connection;
  const inClear = (name: string, pointer: string): Issue =>
    issueAt(integrationFile.locate, pointer, {
      code: 'descriptor/secret-in-clear',
      severity: 'error',
      message: `"${name}" is a secret, and has a value in the descriptor.`,
      hint: 'Take the value out; the operator gives it, by env: or file:.',
    });
  return Object.entries(properties).flatMap(([name, { secret, default: value, choices }]) => [
    ...(secret && value !== undefined ? [inClear(name, `/connection/properties/${name}/default`)] : []),
    ...Object.entries(choices ?? {}).flatMap(([choice, { sets }]) =>
      Object.keys(sets)
        .filter((key) => properties[key]?.secret === true)
        .map((key) => inClear(key, `/connection/properties/${name}/choices/${escapeKey(choice)}/sets/${key}`)),
    ),
  ]);
}

function isSecretLiteral(written: WrittenText, subject: Subject): boolean {
  const { text, steps } = written;
  if (/-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)-----/.test(text) || isJsonWebToken(text)) return !isExample(steps);
  if (isOfSecretProperty(steps, subject.descriptor.connection.properties)) return false; // told with the property's name
  if (steps[0] === 'auth') return isCredential(steps, text) && !isFiller(text, subject);
  return carriesValues(steps) && values(text).some(looksRandom);
}

/** A pattern or a word for people may well show what a token begins with. */
function isExample(steps: readonly string[]): boolean {
  return /^pattern$|Pattern$/.test(steps.at(-1) ?? '');
}

function isJsonWebToken(text: string): boolean {
  return /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/.test(text);
}

function isOfSecretProperty(
  steps: readonly string[],
  properties: { readonly [name: string]: ConnectionProperty },
): boolean {
  const owner = steps.at(-2) === 'sets' ? steps.at(-1) : steps.at(-1) === 'default' ? steps.at(-2) : undefined;
  return steps[0] === 'connection' && owner !== undefined && properties[owner]?.secret === true;
}

/** A text without placeholders under a key of `auth` that takes the credential itself, in any kind. */
function isCredential(steps: readonly string[], text: string): boolean {
  if (placeholdersIn(text).length > 0 || isPointer(text)) return false;
  const key = steps.at(-1) ?? '';
  if (/^(key|value)$/.test(key)) return true;
  return (
    /(secret|password|passphrase|token|apiKey|privateKey|signingKey|certificate|assertion)$/i.test(key) &&
    !/^send/.test(key)
  );
}

/** Such as says where an answer holds its token. */
function isPointer(text: string): boolean {
  return /^(\/[\w.-]+)+$/.test(text) && !looksRandom(text);
}

/** Some vendors take the key as user name and any word as password, or the other way round. */
function isFiller(text: string, { integrationFile, descriptor }: Subject): boolean {
  const properties = descriptor.connection.properties;
  const secretElsewhere = textsIn(integrationFile)
    .filter(({ steps }) => steps[0] === 'auth')
    .some((other) => placeholdersIn(other.text).some((name) => properties[name]?.secret === true));
  return secretElsewhere && !looksRandom(text);
}

/** Where a descriptor sends values from: headers, queries, paths, bodies, and the values it gives to properties. */
function carriesValues(steps: readonly string[]): boolean {
  const [root = '', , third = ''] = steps;
  if (root === 'request') return steps[1] === 'headers';
  if (root === 'connection') return steps.at(-1) === 'default' || steps.includes('sets');
  const key = root === 'streams' ? third : root === 'defaults' ? (steps[1] ?? '') : '';
  return ['headers', 'query', 'probe', 'path', 'body'].includes(key);
}

/** The parts of a text that could be a credential: of an address each step and value, of a header what follows its scheme. */
function values(text: string): string[] {
  return text.split(/[\s/?&=,;:()'"]+/);
}

/**
 * Long, and with letters of both cases or letters in hexadecimal mixed with digits as no word mixes them. A UUID is an id
 * and no secret; names such as `getOAuth2AppsV1` have their digits together.
 */
function looksRandom(text: string): boolean {
  if (placeholdersIn(text).length > 0 || text.length < 20) return false;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return false;
  if (!/^[\w+/=~.-]+$/.test(text)) return false;
  const runs = text.match(/\d+/g) ?? [];
  const hexadecimal = /^[0-9a-f]{32,}$/i.test(text) && /[a-f]/i.test(text);
  const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && runs.length >= 3;
  return hexadecimal || mixed;
}

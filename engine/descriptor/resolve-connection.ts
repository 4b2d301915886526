import { readFile } from 'node:fs/promises';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { ConnectionProperty, Descriptor } from './descriptor.ts';
import { fillTemplate } from './placeholders.ts';
import { readYamlFile } from './yaml-file.ts';

/** What the operator supplies; see `ConnectionInput` of the run. */
export type SuppliedConnection = {
  readonly set: { readonly [property: string]: string };
  readonly file?: string;
  readonly env: { readonly [name: string]: string | undefined };
};

/** A connection whose every value is known and of the right form. */
export type Connection = {
  /** All values as text, for templates. */
  readonly values: { readonly [property: string]: string };
  /** The values no output may hold. */
  readonly secrets: readonly string[];
  /** All but the secrets, typed, for mappings. */
  readonly shown: { readonly [property: string]: string | number | boolean };
};

/**
 * Puts a connection together: each property from `set` first, then `file`, then the environment, then the default.
 *
 * Throws a `CannotRunError` that holds every problem found; nothing has been sent by then. No message holds a value that
 * may be secret.
 */
export async function resolveConnection(descriptor: Descriptor, supplied: SuppliedConnection): Promise<Connection> {
  const properties = descriptor.connection.properties;
  const issues: Issue[] = [];
  const given: { [property: string]: string } = {};
  const fromFile = supplied.file === undefined ? {} : await readConnectionFile(supplied.file, properties, issues);
  for (const name of [...Object.keys(supplied.set), ...Object.keys(fromFile)]) {
    if (!(name in properties)) issues.push(unknownProperty(name, Object.keys(properties)));
  }
  for (const name of Object.keys(properties)) {
    const value = await firstGiven(name, supplied, fromFile, issues);
    if (value !== undefined && value !== '') given[name] = value;
  }
  const values = withDefaults(properties, given);
  issues.push(
    ...formIssues(properties, values),
    ...missingIssues(descriptor, values),
    ...usualMistakes(descriptor, values),
  );
  if (issues.length > 0) throw connectionError(descriptor, issues);
  return {
    values,
    secrets: Object.entries(values).flatMap(([name, value]) => (properties[name]?.secret === true ? [value] : [])),
    shown: Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const property = properties[name];
        return property === undefined || property.secret ? [] : [[name, typed(property, value)]];
      }),
    ),
  };
}

/** clientSecret → SLUICE_CLIENT_SECRET */
export function environmentVariable(property: string): string {
  return `SLUICE_${property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

type FileValue = string | { readonly env: string } | { readonly file: string };

async function readConnectionFile(
  path: string,
  properties: { readonly [name: string]: ConnectionProperty },
  issues: Issue[],
): Promise<{ [property: string]: FileValue }> {
  const yaml = await readYamlFile(path, path);
  if (yaml.issues.length > 0) {
    issues.push(...yaml.issues.map((issue): Issue => ({ ...issue, code: 'connection/unreadable' })));
    return {};
  }
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    issues.push(
      issue(
        'connection/unreadable',
        `${path} is no list of connection properties.`,
        'Write one "property: value" a line.',
      ),
    );
    return {};
  }
  const values: { [property: string]: FileValue } = {};
  for (const [name, value] of Object.entries(yaml.value)) {
    const inClear = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (inClear && properties[name]?.secret === true) {
      issues.push({
        ...issue(
          'connection/wrong-value',
          `${path} holds the secret "${name}" in clear.`,
          `Write { env: ${environmentVariable(name)} } or { file: PATH } instead.`,
        ),
        at: yaml.locate(`/${name}`, undefined),
      });
    } else if (inClear) {
      values[name] = String(value);
    } else if (isReference(value)) {
      values[name] = value;
    } else {
      issues.push({
        ...issue(
          'connection/wrong-value',
          `"${name}" in ${path} is neither a value nor { env: NAME } nor { file: PATH }.`,
        ),
        at: yaml.locate(`/${name}`),
      });
    }
  }
  return values;
}

function isReference(value: unknown): value is Exclude<FileValue, string> {
  if (typeof value !== 'object' || value === null) return false;
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  return (
    entries.length === 1 &&
    only !== undefined &&
    (only[0] === 'env' || only[0] === 'file') &&
    typeof only[1] === 'string'
  );
}

async function firstGiven(
  name: string,
  supplied: SuppliedConnection,
  fromFile: { readonly [property: string]: FileValue },
  issues: Issue[],
): Promise<string | undefined> {
  const flag = supplied.set[name];
  if (flag?.startsWith('env:') === true) return fromEnvironment(name, flag.slice('env:'.length), supplied.env, issues);
  if (flag?.startsWith('file:') === true) return fromSecretFile(name, flag.slice('file:'.length), issues);
  if (flag !== undefined) return flag;
  const inFile = fromFile[name];
  if (typeof inFile === 'string') return inFile;
  if (inFile !== undefined && 'env' in inFile) return fromEnvironment(name, inFile.env, supplied.env, issues);
  if (inFile !== undefined) return fromSecretFile(name, inFile.file, issues);
  return supplied.env[environmentVariable(name)];
}

function fromEnvironment(
  name: string,
  variable: string,
  env: SuppliedConnection['env'],
  issues: Issue[],
): string | undefined {
  const value = env[variable];
  if (value === undefined || value === '') {
    issues.push(
      issue(
        'connection/unreadable',
        `"${name}" is to come from the environment variable ${variable}, which is not set.`,
        `export ${variable}=…`,
      ),
    );
  }
  return value;
}

async function fromSecretFile(name: string, path: string, issues: Issue[]): Promise<string | undefined> {
  try {
    // Editors and shells end a file with a line break that is no part of the secret.
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    issues.push(
      issue('connection/unreadable', `"${name}" is to come from the file ${path}, which cannot be read: ${why}.`),
    );
    return undefined;
  }
}

/** Defaults, and what the operator's choices set; what the operator gave always wins. */
function withDefaults(
  properties: { readonly [name: string]: ConnectionProperty },
  given: { readonly [property: string]: string },
): { [property: string]: string } {
  const values: { [property: string]: string } = { ...given };
  for (const [name, property] of Object.entries(properties)) {
    const { default: value } = property;
    if (value !== undefined && value !== null && typeof value !== 'object') values[name] ??= String(value);
  }
  for (const [name, { choices }] of Object.entries(properties)) {
    for (const [key, value] of Object.entries(choices?.[values[name] ?? '']?.sets ?? {})) values[key] ??= value;
  }
  for (const [name, { format }] of Object.entries(properties)) {
    const value = values[name];
    if (format === 'base-url' && value !== undefined) values[name] = value.replace(/\/+$/, '');
  }
  return values;
}

function formIssues(
  properties: { readonly [name: string]: ConnectionProperty },
  values: { readonly [property: string]: string },
): Issue[] {
  return Object.entries(properties).flatMap(([name, property]): Issue[] => {
    const value = values[name];
    if (value === undefined) return [];
    const fault =
      whiteSpaceFault(property, value) ??
      typeFault(property, value) ??
      choiceFault(property, value) ??
      formatFault(property, value);
    return fault === undefined
      ? []
      : [
          {
            ...issue('connection/wrong-value', `"${name}" (${property.title}) ${fault[0]}`, fault[1]),
            pointer: `/${name}`,
          },
        ];
  });
}

type Fault = readonly [message: string, hint?: string | undefined];

function whiteSpaceFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.format === 'pem') return undefined;
  if (/[\r\n]/.test(value)) return ['holds a line break, probably from pasting.', 'Copy it again, as one line.'];
  if (value !== value.trim())
    return ['begins or ends with a space, probably from pasting.', 'Copy it again, without the space.'];
  if (property.secret && /\s/.test(value))
    return ['holds a space, probably from pasting.', 'Copy it again, without the space.'];
  return undefined;
}

function typeFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.type === 'integer' && !/^-?\d{1,15}$/.test(value)) return ['must be a whole number.'];
  if (property.type === 'boolean' && value !== 'true' && value !== 'false') return ['must be true or false.'];
  return undefined;
}

function choiceFault(property: ConnectionProperty, value: string): Fault | undefined {
  const allowed = property.enum ?? (property.choices === undefined ? undefined : Object.keys(property.choices));
  if (allowed === undefined || allowed.includes(value)) return undefined;
  return [`cannot be "${value}".`, didYouMeanHint(value, allowed)];
}

function formatFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.format === 'base-url') return baseUrlFault(value);
  if (property.format === 'pem' && !value.includes('-----BEGIN ')) {
    return [
      'is no PEM text.',
      'Give the text itself, or file:PATH of a file with the certificate and its private key.',
    ];
  }
  if (property.pattern !== undefined && !new RegExp(property.pattern, 'u').test(value))
    return ['is not of the form it must have.', property.help];
  return undefined;
}

/** Credentials travel to such an address: in the clear only if it never leaves the machine. */
function baseUrlFault(value: string): Fault | undefined {
  if (!URL.canParse(value)) return ['is no address.', 'Write it as https://host or https://host:port.'];
  const url = new URL(value);
  const loopback = ['localhost', '[::1]'].includes(url.hostname) || /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    return ['must begin with https:// (http:// is for loopback only).'];
  if (url.username !== '' || url.password !== '') return ['must not hold a user name or password.'];
  if (url.search !== '' || url.hash !== '') return ['must not hold a query or fragment.'];
  return undefined;
}

function missingIssues(descriptor: Descriptor, values: { readonly [property: string]: string }): Issue[] {
  const { required, anyOf, properties } = descriptor.connection;
  const missing = required
    .filter((name) => values[name] === undefined)
    .map((name) =>
      issue(
        'connection/missing-property',
        `"${name}" (${properties[name]?.title ?? name}) is missing.`,
        howToGive(name, properties[name]),
      ),
    );
  const alternatives = anyOf.map((alternative) => alternative.required);
  if (alternatives.length > 0 && !alternatives.some((names) => names.every((name) => values[name] !== undefined))) {
    const [first = ''] = alternatives[0] ?? [];
    const choice = alternatives.map((names) => names.map((name) => `"${name}"`).join(' with ')).join(' or ');
    missing.push(issue('connection/missing-property', `${choice} is missing.`, howToGive(first, properties[first])));
  }
  return missing;
}

function howToGive(name: string, property: ConnectionProperty | undefined): string {
  const give =
    property?.secret === true
      ? `Set ${environmentVariable(name)}, or --set ${name}=env:NAME or file:PATH.`
      : `--set ${name}=…, or set ${environmentVariable(name)}.`;
  return property?.help === undefined ? give : `${give} ${property.help}`;
}

function usualMistakes(descriptor: Descriptor, values: { readonly [property: string]: string }): Issue[] {
  return descriptor.errors.connection.flatMap((mistake) => {
    const value = values[mistake.property];
    if (value === undefined) return [];
    const fits =
      (mistake.pattern === undefined || new RegExp(mistake.pattern, 'u').test(value)) &&
      (mistake.equals === undefined || values[mistake.equals] === value);
    if (!fits) return [];
    const text = (template: string) => fillTemplate(template, withoutSecrets(descriptor, values)) ?? template;
    return [
      {
        ...issue('connection/wrong-value', text(mistake.message), text(mistake.hint)),
        pointer: `/${mistake.property}`,
      },
    ];
  });
}

function withoutSecrets(
  descriptor: Descriptor,
  values: { readonly [property: string]: string },
): { [property: string]: string } {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => descriptor.connection.properties[name]?.secret === false),
  );
}

function unknownProperty(name: string, known: readonly string[]): Issue {
  return issue(
    'connection/unknown-property',
    `There is no connection property "${name}".`,
    didYouMeanHint(name, known),
  );
}

function connectionError(descriptor: Descriptor, issues: readonly Issue[]): CannotRunError {
  const [first] = issues;
  const what =
    issues.length === 1 ? (first?.message ?? '') : `${issues.length} of its properties are missing or wrong.`;
  return new CannotRunError(
    first?.code ?? 'connection/wrong-value',
    `The connection to ${descriptor.title} is not right: ${what}`,
    {
      hint:
        issues.length === 1
          ? first?.hint
          : `sluice explain ${descriptor.name} tells what each is and where to find it.`,
      issues,
    },
  );
}

function issue(code: Issue['code'], message: string, hint?: string): Issue {
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
}

function typed(property: ConnectionProperty, value: string): string | number | boolean {
  if (property.type === 'integer') return Number(value);
  if (property.type === 'boolean') return value === 'true';
  return value;
}

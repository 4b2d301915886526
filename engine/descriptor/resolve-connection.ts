import { readFile } from 'node:fs/promises';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { connectionFaults } from './connection-faults.ts';
import { type FileValue, readConnectionFile } from './connection-file.ts';
import { connectionIssue, environmentVariable, unknownProperty } from './connection-issue.ts';
import type { ConnectionProperty, Descriptor } from './descriptor.ts';

/** What the operator supplies. */
export type ConnectionInput = {
  /** Property → value; a value may be `env:NAME` or `file:PATH`. */
  readonly set: { readonly [property: string]: string };
  /** Path of a YAML file. */
  readonly file?: string;
  readonly env: { readonly [name: string]: string | undefined };
};

/** A connection whose every value is known and of the right form. */
export type Connection = {
  /** All values as text, for templates; of an address also its host, as `NAME.host`. */
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
export async function resolveConnection(descriptor: Descriptor, supplied: ConnectionInput): Promise<Connection> {
  const properties = descriptor.connection.properties;
  const issues: Issue[] = [];
  const given: { [property: string]: string } = {};
  const fromFile = supplied.file === undefined ? {} : await readConnectionFile(supplied.file, properties, issues);
  if (fromFile === undefined) throw connectionError(descriptor, issues); // nothing is known of what it was to give
  for (const name of Object.keys(supplied.set)) {
    if (!Object.hasOwn(properties, name)) issues.push(unknownProperty(name, Object.keys(properties)));
  }
  for (const name of Object.keys(properties)) {
    const value = await firstGiven(name, supplied, fromFile, issues);
    if (value !== undefined && value !== '') given[name] = value;
  }
  const values = withDefaults(properties, given);
  issues.push(...connectionFaults(descriptor, values));
  if (issues.length > 0) throw connectionError(descriptor, issues);
  return {
    values: { ...values, ...hostNames(properties, values) },
    secrets: Object.entries(values).flatMap(([name, value]) => (properties[name]?.secret === true ? [value] : [])),
    shown: Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const property = properties[name];
        return property === undefined || property.secret ? [] : [[name, typed(property, value)]];
      }),
    ),
  };
}

async function firstGiven(
  name: string,
  supplied: ConnectionInput,
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
  env: ConnectionInput['env'],
  issues: Issue[],
): string | undefined {
  const value = env[variable];
  if (value === undefined || value === '') {
    issues.push(
      connectionIssue(
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
      connectionIssue(
        'connection/unreadable',
        `"${name}" is to come from the file ${path}, which cannot be read: ${why}.`,
      ),
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
    if (format === 'base-url' && value !== undefined) values[name] = asBaseUrl(value);
  }
  return values;
}

/** Consoles show a host name, and browsers an address with a slash: people paste either. */
function asBaseUrl(value: string): string {
  const isHost = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?\/*$/i.test(value);
  return `${isHost ? 'https://' : ''}${value}`.replace(/\/+$/, '');
}

/** `{url.host}`: the name of the host in an address, for example of a vendor that has one for each tenant. */
function hostNames(
  properties: { readonly [name: string]: ConnectionProperty },
  values: { readonly [property: string]: string },
): { [placeholder: string]: string } {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { format }]) => {
      const value = values[name];
      return format === 'base-url' && value !== undefined ? [[`${name}.host`, new URL(value).hostname]] : [];
    }),
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

function typed(property: ConnectionProperty, value: string): string | number | boolean {
  if (property.type === 'integer') return Number(value);
  if (property.type === 'boolean') return value === 'true';
  return value;
}

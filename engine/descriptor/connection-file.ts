import type { Issue } from '../diagnostics/issue.ts';
import { connectionIssue, environmentVariable, unknownProperty } from './connection-issue.ts';
import type { ConnectionProperty } from './descriptor.ts';
import { readYamlFile } from './yaml-file.ts';

/** A property in a connection file: its value, or where the value lies. */
export type FileValue = string | { readonly env: string } | { readonly file: string };

/**
 * Reads a connection file; what is wrong with it is added to `issues`, and no issue holds a value. `undefined` where it
 * cannot be read at all.
 */
export async function readConnectionFile(
  path: string,
  properties: { readonly [name: string]: ConnectionProperty },
  issues: Issue[],
): Promise<{ [property: string]: FileValue } | undefined> {
  const yaml = await readYamlFile(path, path, { plain: 'as-text' }); // an id may begin with zeros, or be longer than a number can hold
  if (yaml.issues.length > 0) {
    issues.push(...yaml.issues.map((issue): Issue => ({ ...issue, code: 'connection/unreadable' })));
    return undefined;
  }
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) {
    issues.push(
      connectionIssue(
        'connection/unreadable',
        `${path} is no list of connection properties.`,
        'Write one "property: value" a line.',
      ),
    );
    return undefined;
  }
  const values: { [property: string]: FileValue } = {};
  for (const [name, value] of Object.entries(yaml.value)) {
    const inClear = typeof value === 'string';
    if (!Object.hasOwn(properties, name)) {
      issues.push({ ...unknownProperty(name, Object.keys(properties)), at: yaml.locate('', name) });
    } else if (inClear && properties[name]?.secret === true) {
      issues.push({
        ...connectionIssue(
          'connection/wrong-value',
          `${path} holds the secret "${name}" in clear.`,
          `Write { env: ${environmentVariable(name)} } or { file: PATH } instead.`,
        ),
        at: yaml.locate(`/${name}`),
      });
    } else if (inClear) {
      values[name] = value;
    } else if (isReference(value)) {
      values[name] = value;
    } else {
      issues.push({
        ...connectionIssue(
          'connection/wrong-value',
          `"${name}" in ${path} is neither a value nor { env: NAME } nor { file: PATH }.`,
          'Write a text, a number, true or false; a secret as { env: NAME } or { file: PATH }.',
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

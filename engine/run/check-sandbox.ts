import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaIssues } from '../descriptor/schema-issues.ts';
import { readYamlFile, type YamlFile } from '../descriptor/yaml-file.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { danglingNames } from '../sandbox/check-description.ts';
import type { SandboxDescription } from '../sandbox/sandbox-description.ts';
import { compileSchema } from '../schema/compile-schema.ts';
import { shortPath } from './integrations.ts';

/** What is wrong with an integration's `sandbox/sandbox.yaml`; nothing where it has none. */
export async function checkSandbox(folder: string, schemasDir: string): Promise<readonly Issue[]> {
  const path = join(folder, 'sandbox', 'sandbox.yaml');
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists ? sandboxIssues(await readYamlFile(path, shortPath(path)), schemasDir) : [];
}

/** The same of one that has been read. */
export async function sandboxIssues(file: YamlFile, schemasDir: string): Promise<readonly Issue[]> {
  if (file.issues.length > 0) return file.issues;
  const schema = JSON.parse(await readFile(join(schemasDir, 'sandbox.schema.json'), 'utf8')) as object; // our own file
  const broken = schemaIssues(file, compileSchema(schema));
  if (broken.length > 0) return broken;
  // The schema states exactly this type.
  return danglingNames(file.value as SandboxDescription).map(({ pointer, message, hint }) => ({
    code: 'sandbox/wrong-value',
    severity: 'error',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    ...(hint !== undefined && { hint }),
    at: file.locate(pointer),
    pointer,
  }));
}

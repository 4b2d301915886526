import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../descriptor/open-texts.ts';
import { schemaIssues } from '../descriptor/schema-issues.ts';
import { readYamlFile, type YamlFile } from '../descriptor/yaml-file.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { danglingNames } from '../sandbox/check-description.ts';
import { withDefaults, type WrittenDescription } from '../sandbox/with-defaults.ts';
import { compileSchema } from '../schema/compile-schema.ts';
import type { Places } from './run-request.ts';

/** An integration's `sandbox/sandbox.yaml`; `undefined` where it has none. */
export async function readSandboxFile(folder: string, open: Places['openTexts']): Promise<YamlFile | undefined> {
  const path = join(folder, 'sandbox', 'sandbox.yaml');
  return (await isThere(path, open)) ? readYamlFile(path, shortPath(path), { open }) : undefined;
}

/** What is wrong with it. */
export async function sandboxIssues(file: YamlFile, schemasDir: string): Promise<readonly Issue[]> {
  if (file.issues.length > 0) return file.issues;
  const schema = JSON.parse(await readFile(join(schemasDir, 'sandbox.schema.json'), 'utf8')) as object; // our own file
  const broken = schemaIssues(file, compileSchema(schema));
  if (broken.length > 0) return broken;
  // The schema states exactly this type.
  return danglingNames(withDefaults(file.value as WrittenDescription)).map(({ pointer, message, hint }) => ({
    code: 'sandbox/wrong-value',
    severity: 'error',
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    ...(hint !== undefined && { hint }),
    at: file.locate(pointer),
    pointer,
  }));
}

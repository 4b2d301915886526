import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readYamlFile } from '../descriptor/yaml-file.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { sandboxIssues } from './check-sandbox.ts';
import { findIntegration } from './integrations.ts';
import type { RunningSandbox, SandboxRequest } from './requests.ts';

/** Serves the stand-in vendor that an integration describes in `sandbox/sandbox.yaml`, on loopback. */
export async function startIntegrationSandbox(request: SandboxRequest): Promise<RunningSandbox> {
  const { places, integration, ...options } = request;
  const path = join(await findIntegration(places, integration), 'sandbox', 'sandbox.yaml');
  const file = await readYamlFile(path, shortPath(path));
  const [first] = file.issues;
  if (first?.code === 'descriptor/unreadable') {
    throw new CannotRunError(
      'sandbox/not-found',
      `"${integration}" has no sandbox: ${shortPath(path)} cannot be read.`,
      {
        hint: 'Run it with a real connection, or describe its stand-in vendor there.',
        issues: file.issues,
      },
    );
  }
  const issues = await sandboxIssues(file, places.schemasDir);
  if (issues.length > 0) {
    throw new CannotRunError('sandbox/wrong-value', `The sandbox of "${integration}" cannot be served as described.`, {
      hint: `sluice validate ${integration} shows each mistake.`,
      issues,
    });
  }
  const schema: unknown = JSON.parse(await readFile(join(places.schemasDir, 'sandbox.schema.json'), 'utf8'));
  return startSandbox({ description: file.value, schema, ...options });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readYamlFile } from '../descriptor/yaml-file.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { findIntegration, shortPath } from './integrations.ts';
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
  if (first !== undefined)
    throw new CannotRunError('sandbox/wrong-value', first.message, { at: first.at, issues: file.issues });
  const schema: unknown = JSON.parse(await readFile(join(places.schemasDir, 'sandbox.schema.json'), 'utf8'));
  return startSandbox({ description: file.value, schema, ...options });
}

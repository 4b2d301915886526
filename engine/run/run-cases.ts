import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { EngineError } from '../diagnostics/engine-error.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import type { JsonValue } from '../records.ts';
import { findCases, readCaseInput, readJson } from './case-folders.ts';
import { caseOutput } from './case-output.ts';
import { differences } from './differences.ts';
import { findIntegrations, type Integration, loadIntegration } from './integrations.ts';
import type { CaseResult, CasesRequest } from './requests.ts';

/** Runs the golden cases of the integrations: `cases/<stream>/<case-name>/` with `source.json` (or `rows.json`) and what is expected. */
export async function runCases({ places, integrations, update }: CasesRequest): Promise<CaseResult[]> {
  const names = integrations ?? [...(await findIntegrations(places)).keys()];
  const results: CaseResult[] = [];
  for (const name of names) {
    const integration = await loadIntegration(places, name);
    for (const { stream, folder } of await findCases(integration)) {
      results.push(await runCase(integration, stream, folder, places.schemasDir, update === true));
    }
  }
  return results;
}

async function runCase(
  integration: Integration,
  stream: Stream,
  folder: string,
  schemasDir: string,
  update: boolean,
): Promise<CaseResult> {
  const result = { integration: integration.descriptor.name, stream: stream.name, name: basename(folder) };
  try {
    const output = await caseOutput(integration, stream, await readCaseInput(folder), schemasDir);
    const found = [
      ...(await compareFile(join(folder, 'expected.json'), output.records, update)),
      ...(await compareFile(join(folder, 'expected-issues.json'), output.rejected, update)),
    ];
    const rewritten = update && found.length > 0;
    return {
      ...result,
      passed: rewritten || found.length === 0,
      differences: found,
      ...(rewritten ? { rewritten: true } : {}),
    };
  } catch (cause) {
    if (!(cause instanceof MappingFailure) && !(cause instanceof EngineError)) throw cause;
    return { ...result, passed: false, differences: [cause.message] };
  }
}

/** Of a case that is new, or gives nothing any more, the number says enough. */
function whatDiffers(expected: JsonValue, got: readonly JsonValue[], file: string): string[] {
  const before = Array.isArray(expected) ? expected.length : undefined;
  if (before === 0 && got.length > 1) return [`${file}: expected nothing, got ${got.length} entries`];
  if (before !== undefined && before > 1 && got.length === 0)
    return [`${file}: expected ${before} entries, got nothing`];
  return differences(expected, [...got], file);
}

/** A missing file is an empty list. With `update` the file is rewritten where it differs, and removed where nothing is left. */
async function compareFile(path: string, got: readonly unknown[], update: boolean): Promise<string[]> {
  const expected = (await readJson(path)) ?? [];
  const plain = JSON.parse(JSON.stringify(got)) as JsonValue[]; // JSON out and in is JSON
  const found = whatDiffers(expected, plain, basename(path));
  if (!update || found.length === 0) return found;
  if (plain.length === 0) await rm(path, { force: true });
  else await writeFile(path, `${JSON.stringify(plain, null, 2)}\n`);
  return found;
}

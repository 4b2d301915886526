import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../diagnostics/engine-error.ts';
import type { RunReport } from './run-report.ts';

/** Writes `report.json` beside and renames it, so that a reader never sees half of it. */
export async function writeReport(dir: string, report: RunReport): Promise<RunReport> {
  const path = join(dir, 'report.json');
  try {
    await writeFile(`${path}.part`, `${JSON.stringify(report, null, 2)}\n`);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new StreamError(
      'sink/write-failed',
      `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        hint: 'Check that the folder is yours to write and that the disk has room.',
      },
    );
  }
  return report;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Places, type RunReport, type RunRequest, runIntegration, type StreamReport } from '../../engine/index.ts';
import { scratchFolder } from './scratch-integration.ts';

export type ScratchRun = {
  readonly report: RunReport;
  readonly dir: string;
  stream(name: string): StreamReport;
  /** The lines of a file of the run, parsed. */
  lines(file: string): Promise<unknown[]>;
};

/** Runs an integration into a folder of its own that ends with the test, and checks that the books balance. */
export async function runScratch(
  places: Places,
  integration: string,
  set: { readonly [property: string]: string },
  more: Partial<RunRequest> = {},
): Promise<ScratchRun> {
  const dir = await scratchFolder();
  const report = await runIntegration({
    places,
    integration,
    connection: { set, env: {} },
    out: { dir },
    pace: false,
    ...more,
  });
  for (const { stream, received, accepted, rejected, duplicates } of report.streams) {
    if (received !== accepted + rejected + duplicates) throw new Error(`The books of ${stream} do not balance.`);
  }
  return {
    report,
    dir,
    stream(name) {
      const found = report.streams.find(({ stream }) => stream === name);
      if (found === undefined) throw new Error(`The report has no stream ${name}.`);
      return found;
    },
    lines: async (file) => parseLines(await readFile(join(dir, file), 'utf8')),
  };
}

export function parseLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

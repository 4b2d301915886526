import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { isThere, type OpenTexts } from '../descriptor/open-texts.ts';
import { readText } from '../descriptor/yaml-file.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';

/** The text of a stream's mapping, and how positions name its file; a missing one is thrown as a {@link MappingFailure}. */
export async function readStreamMapping(
  folder: string,
  stream: Stream,
  open?: OpenTexts,
): Promise<{ text: string; file: string }> {
  const path = join(folder, 'mappings', stream.mapping);
  const file = shortPath(path);
  if (!(await isThere(path, open))) {
    throw new MappingFailure({
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `The mapping of "${stream.name}" is missing: ${file}.`,
      hint: 'Write it: one JSONata expression that gives the OCSF record.',
      at: { file, line: 1, column: 1 },
    });
  }
  const text = await readText(path, file, open);
  if (typeof text === 'string') return { text, file };
  const [why] = text.issues;
  throw why === undefined
    ? new TypeError('A file that cannot be read has an issue that says why.')
    : new MappingFailure(why);
}

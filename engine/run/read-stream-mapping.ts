import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { isThere, type OpenTexts } from '../descriptor/open-texts.ts';
import { readText } from '../descriptor/yaml-file.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { type FileText, joinShared } from '../mapping/join-shared.ts';
import type { TextFile } from '../mapping/joined-text.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';

/** The text of a mapping, with what it uses of the shared file, and how positions name where it stands. */
export type StreamMapping = {
  readonly text: string;
  readonly file: TextFile;
  /** Names without `$` of what it uses of the shared file. */
  readonly used: ReadonlySet<string>;
};

/**
 * The text of a stream's mapping. A file that is missing, or does not parse while there is a shared one, is thrown as a
 * {@link MappingFailure}.
 */
export async function readStreamMapping(folder: string, stream: Stream, open?: OpenTexts): Promise<StreamMapping> {
  const { shared } = stream;
  const own = await readMappingAlone(folder, stream, open);
  if (shared === undefined) return { ...own, used: new Set() };
  return joinShared(own, await readSharedFile(folder, shared, open));
}

/** A stream's mapping without what it shares; a missing one is thrown as a {@link MappingFailure}. */
export function readMappingAlone(folder: string, { name, mapping }: Stream, open?: OpenTexts): Promise<FileText> {
  return readMappingFile(folder, mapping, `The mapping of "${name}"`, giveRecord, open);
}

/** A file that mappings share; a missing one is thrown as a {@link MappingFailure}. */
export function readSharedFile(folder: string, name: string, open?: OpenTexts): Promise<FileText> {
  return readMappingFile(folder, name, 'The shared file', giveBindings, open);
}

const giveRecord = 'Write it: one JSONata expression that gives the OCSF record.';
/** What to do about a shared file that is not there. */
export const giveBindings = 'Write it: ( $name := …; … ), for the mappings that use $name.';

/** A file under `mappings/`. A missing one is thrown as a {@link MappingFailure}, with `what` it is and `howTo` mend it. */
async function readMappingFile(
  folder: string,
  name: string,
  what: string,
  howTo: string,
  open: OpenTexts | undefined,
): Promise<FileText> {
  const path = join(folder, 'mappings', name);
  const file = shortPath(path);
  if (!(await isThere(path, open))) {
    throw new MappingFailure({
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `${what} is missing: ${file}.`,
      hint: howTo,
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

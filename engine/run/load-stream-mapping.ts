import type { Stream } from '../descriptor/descriptor.ts';
import { loadMapping, type Mapping } from '../mapping/load-mapping.ts';
import { readStreamMapping } from './read-stream-mapping.ts';

/** A stream's mapping, ready to use; a missing file or a syntax error is thrown as a `MappingFailure`. */
export async function loadStreamMapping(folder: string, stream: Stream): Promise<Mapping> {
  const { text, file } = await readStreamMapping(folder, stream);
  return loadMapping(text, file);
}

import { join } from 'node:path';

/** Where the files of a stream lie in the output folder. */
export function outputPaths(dir: string, stream: string): { records: string; rejected: string; joined: string } {
  return {
    records: join(dir, recordsFile(stream)),
    /** Never published under this name: at the end of the run the rejected rows of all streams go into one file. */
    rejected: join(dir, `${stream}.rejected.ndjson`),
    joined: join(dir, 'rejected.ndjson'),
  };
}

export function recordsFile(stream: string): string {
  return `${stream}.ndjson`;
}

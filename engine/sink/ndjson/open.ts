import { once } from 'node:events';
import { StreamError } from '../../diagnostics/engine-error.ts';
import type { Sink } from '../sink.ts';
import { openLineFile } from './line-file.ts';

/**
 * One file of OCSF records, one a line, UTF-8, in the order of the source. `keep` bytes of the part that an earlier run
 * left behind stay.
 */
export function openNdjsonFile(path: string, keep = 0): Promise<Sink> {
  return openLineFile(path, keep);
}

/** The same lines on a stream that stays open, such as standard output; several streams' pages may alternate on it. */
export function ndjsonWriter(output: NodeJS.WritableStream): Sink {
  return {
    async write(lines) {
      if (lines.length === 0) return;
      if (!output.writable)
        throw new StreamError('sink/write-failed', 'The reader of the output has gone away.', {
          hint: 'Run again with a reader that takes all lines.',
        });
      // A copy: the stream may keep it for longer than the lines stay as they are.
      if (!output.write(Buffer.from(lines))) await once(output, 'drain');
    },
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

import { describe, expect, it } from 'vitest';
import type { OcsfRecord } from '../../engine/records.ts';
import { createLineBuffer, type Lines } from '../../engine/sink/line-buffer.ts';
import type { Sink } from '../../engine/sink/sink.ts';

/** A sink opened for a test, and a look at what a reader of its output finds. */
export type OpenedSink = { readonly sink: Sink; delivered(): Promise<unknown[]> };

// A sink does not look inside a record, so that it need not be a checked one here.
export const record = (number: number) =>
  ({ class_uid: 0, message: `line ${number} – ü\n"quoted"` }) as unknown as OcsfRecord;

export function linesOf(...records: readonly OcsfRecord[]): Lines<OcsfRecord> {
  const buffer = createLineBuffer<OcsfRecord>();
  for (const one of records) buffer.add(one);
  return buffer.lines();
}

/** What every sink promises. */
export function sinkContract(name: string, open: () => Promise<OpenedSink>): void {
  describe(`the contract of a sink: ${name}`, () => {
    it('delivers every record once, in order, over several writes', async () => {
      const { sink, delivered } = await open();

      await sink.write(linesOf(record(1), record(2)));
      await sink.write(linesOf());
      await sink.write(linesOf(record(3)));
      await sink.flush();
      await sink.close();

      expect(await delivered()).toEqual([record(1), record(2), record(3)]);
    });

    it('delivers nothing, without complaint, where nothing was written', async () => {
      const { sink, delivered } = await open();

      await sink.close();

      expect(await delivered()).toEqual([]);
    });
  });
}

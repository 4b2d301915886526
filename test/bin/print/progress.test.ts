import { describe, expect, it } from 'vitest';
import { progressLines } from '../../../bin/print/progress-lines.ts';
import type { RunEvent, StreamReport } from '../../../engine/index.ts';

describe('progress without a terminal', () => {
  it('is one line when a stream starts and one when it ends, whatever happens between', () => {
    const said: string[] = [];
    const progress = progressLines((line) => said.push(line));

    for (const event of runOfOneStream) progress.show(event);

    expect(said).toEqual([
      'people: started',
      'people: complete, 1,200 received, 1,198 accepted, 1 rejected, 1 duplicate in 3.1 s',
    ]);
  });
});

const report: StreamReport = {
  stream: 'people',
  ending: 'complete',
  pages: 2,
  requests: 3,
  retries: 1,
  waitedMs: 2000,
  received: 1200,
  accepted: 1198,
  rejected: 1,
  duplicates: 1,
  durationMs: 3100,
};

const runOfOneStream: readonly RunEvent[] = [
  { kind: 'run-started', runId: 'run-1', streams: ['people'] },
  { kind: 'stream-started', stream: 'people' },
  { kind: 'page', stream: 'people', pages: 1, received: 1000, accepted: 1000, rejected: 0 },
  { kind: 'waiting', stream: 'people', ms: 2000, why: 'the source asks to wait' },
  { kind: 'stream-ended', report },
];

import { describe, expect, it } from 'vitest';
import { drawBench } from './draw-bench.ts';

const still = (median: number) => ({ median, low: median, high: median });
const figures = (cpuSeconds: number) => ({
  cpuSeconds: still(cpuSeconds),
  wallSeconds: still(cpuSeconds),
  peakMegabytes: still(100),
});
const report = {
  at: '2026-11-24T12:00:00.000Z',
  node: 'v20.20.0',
  machine: '2 cores, <Invented & Sons>',
  mappings: [
    {
      stream: 'devices',
      rounds: 1,
      rows: 999,
      byHand: still(800_000),
      compiled: still(400_000),
      interpreted: still(2_000),
      compiledToByHand: still(0.5),
      compiledToInterpreted: still(200),
    },
  ],
  endToEnd: {
    rounds: 1,
    records: 100_000,
    engine: figures(4),
    withTwoWorkers: figures(2),
    script: figures(2),
    ratio: { cpu: still(0.5), wall: still(0.5), wallWithTwoWorkers: still(1) },
  },
};

describe('the picture of a bench', () => {
  const svg = drawBench(report);

  it('draws what is half as fast half as long', () => {
    const lengths = [...svg.matchAll(/<rect class="\w+" [^>]*width="(\d+)"/g)].map((match) => Number(match[1]));

    expect(lengths).toEqual([400, 200, 1, 400, 200, 400]);
  });

  it('tells the figures in words to those who cannot see it', () => {
    expect(svg).toMatch(/<title id="title">[^<]*hand-written JavaScript 800k; Sluice, compiled 400k/);
  });

  it('turns its letters light on a dark page', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('takes no word of the machine for markup', () => {
    expect(svg).toContain('2 cores, &lt;Invented &amp; Sons>');
  });
});

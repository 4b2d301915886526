import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// .ci/run counts from this file; without it only the terminal is told.
const report = process.env['SLUICE_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Half of the tests wait for child processes: a worker fewer than cores, vitest's default, leaves a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    ...(report !== undefined && { reporters: ['default', ['json', { outputFile: report }]] as const }),
  },
});

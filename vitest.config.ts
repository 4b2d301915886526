import { defineConfig } from 'vitest/config';

// .ci/run counts from this file; without it only the terminal is told.
const report = process.env['SLUICE_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...(report !== undefined && { reporters: ['default', ['json', { outputFile: report }]] as const }),
  },
});

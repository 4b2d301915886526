import { describe, expect, it } from 'vitest';
import { runCases } from '../engine/index.ts';
import { shippedPlaces } from './support/scratch-integration.ts';

const results = await runCases({ places: shippedPlaces });

describe.each(results)('$integration, $stream', ({ name, differences }) => {
  it(name.replaceAll('-', ' '), () => {
    expect(differences).toEqual([]);
  });
});

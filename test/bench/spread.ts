/** Figures of one thing, over rounds: the middle one, and those that a quarter of the rounds stay below and above. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number };

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** The ratios of figures taken in the same rounds: a busy machine slows both, so that each round has its own ratio. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  return spreadOf(ours.map((figure, round) => figure / (theirs[round] ?? Number.NaN)));
}

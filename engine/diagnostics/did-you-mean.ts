import { closest, distance } from 'fastest-levenshtein';

/** The known word nearest to a mistyped one, if it is near enough to be meant; case does not count. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = word.trim().toLowerCase();
  const nearest = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  );
  // The slip of the hand that counts twice as a distance: "udi" for "uid".
  const swapped = known.find((candidate) => lower.length > 2 && sorted(candidate.toLowerCase()) === sorted(lower));
  const allowed = Math.max(1, Math.floor(Math.min(word.length, nearest.length) / 3));
  if (distance(lower, nearest) > allowed) return swapped;
  return known.find((candidate) => candidate.toLowerCase() === nearest);
}

function sorted(word: string): string {
  return Array.from(word).sort().join('');
}

/** The same as a sentence, with a list of what there is where nothing is near. */
export function didYouMeanHint(word: string, known: readonly string[]): string {
  const meant = didYouMean(word, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return known.length === 0 ? 'There is none to choose from.' : `There is: ${[...known].sort().join(', ')}.`;
}

import type { AttributePlan } from './class-plan.ts';

/**
 * A place in a class that observables are looked for at, by the way that leads there. Names are put together once a
 * place and not once a record.
 */
export type Spot = {
  /** The dotted path, as an observable's `name` tells it. */
  readonly name: string;
  /** The spots inside that were asked for, by the index of their attribute. */
  readonly inner: Spot[];
  /** How many spots there are from the first one on. */
  readonly census: { spots: number };
};

/** Objects contain each other in circles, so that a class has no end of spots. */
export const mostSpots = 5000;

/** The class itself, which has no name. */
export function firstSpot(): Spot {
  return { name: '', inner: [], census: { spots: 0 } };
}

/** The spot of an attribute; beyond {@link mostSpots} it is made anew each time. */
export function spotIn(owner: Spot, { name, index }: AttributePlan): Spot {
  const known = owner.inner[index];
  if (known !== undefined) return known;
  const { census } = owner;
  const spot: Spot = { name: owner.name === '' ? name : `${owner.name}.${name}`, inner: [], census };
  if (census.spots === mostSpots) return spot;
  census.spots += 1;
  owner.inner[index] = spot;
  return spot;
}

import type { AttributePlan, ShapePlan } from './class-plan.ts';

/** What follows from the keys of an object alone. All attributes are in the order of their class. */
export type Layout = {
  /** What completion may fill: the attributes that the object has, and those whose id or caption it has. */
  readonly fillable: readonly AttributePlan[];
  /** Those the object has and that say more than a JSON Schema can check, or that lead to such. */
  readonly telling: readonly AttributePlan[];
  /** Those the object has and that are observable, or that lead to such. */
  readonly observable: readonly AttributePlan[];
  /** Keys that the class does not know, as they came. */
  readonly unknown: readonly string[];
};

/** The layouts of one shape: a tree of keys with one step a key. */
export type Layouts = { readonly start: Step; steps: number };

type Step = {
  readonly next: Map<string, Step>;
  /** The key that came last, and where it led. */
  lastKey: string | undefined;
  last: Step | undefined;
  layout: Layout | undefined;
};

/** Neither odd orders of keys nor a class of hundreds of optional attributes can fill the memory. */
export const mostSteps = 5000;

export function newLayouts(): Layouts {
  return { start: newStep(), steps: 0 };
}

function newStep(): Step {
  return { next: new Map(), lastKey: undefined, last: undefined, layout: undefined };
}

/**
 * The layout of an object, worked out once for each list of keys: a mapping gives the same few lists again and again.
 *
 * Each step first tries the key that came last time, so that a list like the one before costs one comparison a key.
 * Keys that the class does not know are no steps: a source's own words are not remembered.
 */
export function layoutOf(object: object, shape: ShapePlan): Layout {
  const keys = Object.keys(object);
  let step: Step | undefined = shape.layouts.start;
  for (const key of keys) {
    step = step.lastKey === key ? step.last : follow(step, key, shape);
    if (step === undefined) return workOut(keys, shape);
  }
  return (step.layout ??= workOut(keys, shape));
}

function follow(from: Step, key: string, { byName, layouts }: ShapePlan): Step | undefined {
  let step = from.next.get(key);
  if (step === undefined) {
    if (layouts.steps === mostSteps || !byName.has(key)) return undefined;
    step = newStep();
    from.next.set(key, step);
    layouts.steps += 1;
  }
  from.lastKey = key;
  from.last = step;
  return step;
}

function workOut(keys: readonly string[], { byName }: ShapePlan): Layout {
  const present = inOrder(keys.flatMap((key) => byName.get(key) ?? []));
  const siblings = present.flatMap(({ caption, id }) => [byName.get(caption ?? '') ?? [], id ?? []].flat());
  return {
    fillable: inOrder(new Set([...present, ...siblings])),
    telling: present.filter(isTelling),
    observable: present.filter((attribute) => (attribute.shape ?? attribute.observable) !== undefined),
    unknown: keys.filter((key) => !byName.has(key)),
  };
}

function isTelling({ shape, caption, deprecated, deprecatedIds, type }: AttributePlan): boolean {
  if ((shape ?? caption ?? deprecated ?? deprecatedIds) !== undefined) return true;
  return type === 'timestamp_t' || type === 'datetime_t';
}

function inOrder(attributes: Iterable<AttributePlan>): AttributePlan[] {
  return [...attributes].sort((one, other) => one.index - other.index);
}

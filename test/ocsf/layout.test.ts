import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributePlan, type ClassPlan, planClass, type ShapePlan } from '../../engine/ocsf/class-plan.ts';
import { completeRecord } from '../../engine/ocsf/complete-record.ts';
import { layoutOf, mostSteps } from '../../engine/ocsf/layout.ts';
import { loadRelease } from '../../engine/ocsf/release.ts';
import { bareExample, type Candidate, contextOf, schemasDir } from './examples.ts';

describe('a layout', () => {
  it('is the same object for the same keys, whatever the values', async () => {
    const { shape } = await freshPlan();

    expect(layoutOf({ time: 1, user: {} }, shape)).toBe(layoutOf({ time: null, user: 'x' }, shape));
  });

  it('has the order of the class, whatever the order of the keys', async () => {
    const { shape } = await freshPlan();

    for (const keys of [
      ['user', 'time', 'status_id'],
      ['status_id', 'user', 'time'],
      ['time', 'status_id', 'user'],
    ])
      expect(namesOf(layoutOf(objectOf(keys), shape).fillable)).toEqual(['status_id', 'status', 'time', 'user']);
  });

  it('keeps keys apart that begin alike', async () => {
    const { shape } = await freshPlan();
    layoutOf({ time: 1, user: {}, message: '' }, shape);

    expect(namesOf(layoutOf({ time: 1, user: {} }, shape).fillable)).toEqual(['time', 'user']);
    expect(namesOf(layoutOf({}, shape).fillable)).toEqual([]);
  });

  it('tells keys that the class does not know as they came, numbers and __proto__ too', async () => {
    const { shape } = await freshPlan();
    const object = JSON.parse('{"zebra":1,"__proto__":{"time":2},"7":3,"toString":4,"user":{}}') as object;

    const { fillable, unknown } = layoutOf(object, shape);

    expect(namesOf(fillable)).toEqual(['user']);
    expect(unknown).toEqual(['7', 'zebra', '__proto__', 'toString']);
  });

  it('does not remember what the class does not know', async () => {
    const { shape } = await freshPlan();

    for (let number = 0; number < 1000; number++) layoutOf({ [`word ${number}`]: number, user: {} }, shape);

    expect(shape.layouts.steps).toBe(0);
  });

  it('stays right, and takes no more room, when there are more lists of keys than are remembered', async () => {
    const { shape } = await freshPlan();
    const names = shape.attributes.map(({ name }) => name);

    fc.assert(
      fc.property(fc.shuffledSubarray(names), (keys) => {
        expect(layoutOf(objectOf(keys), shape)).toEqual(plainly(keys, shape));
      }),
      { numRuns: 1000 },
    );

    expect(shape.layouts.steps).toBe(mostSteps);
  });
});

describe('a record completed with layouts in mind', () => {
  it('is what it is without, whichever records came before', async () => {
    const seasoned = await freshPlan();
    const release = await loadRelease(schemasDir, '1.5.0');
    const facts = await release.classFacts('user_inventory');

    fc.assert(
      fc.property(reordered(bareExample('user-registration')), (candidate) => {
        const context = contextOf('user-registration');
        const alone = completeRecord(candidate, planClass(release, facts, ['cloud']), context);
        expect(JSON.stringify(completeRecord(candidate, seasoned, context))).toBe(JSON.stringify(alone));
      }),
      { numRuns: 60 },
    );
  });
});

/** A plan that has seen no record yet. */
async function freshPlan(): Promise<ClassPlan> {
  const release = await loadRelease(schemasDir, '1.5.0');
  return planClass(release, await release.classFacts('user_inventory'), ['cloud']);
}

/** The layout worked out from the whole of the class, without a memory. */
function plainly(keys: readonly string[], { attributes, byName }: ShapePlan) {
  const has = (name: string | undefined) => name !== undefined && keys.includes(name);
  const present = attributes.filter(({ name }) => has(name));
  return {
    fillable: attributes.filter(({ name, caption, id }) => has(name) || has(caption) || has(id?.name)),
    telling: present.filter(({ shape, caption, type, deprecated, deprecatedIds }) => {
      const isTime = type === 'timestamp_t' || type === 'datetime_t';
      return isTime || [shape, caption, deprecated, deprecatedIds].some((fact) => fact !== undefined);
    }),
    observable: present.filter(({ shape, observable }) => shape !== undefined || observable !== undefined),
    unknown: keys.filter((key) => !byName.has(key)),
  };
}

/** The same content with keys left out, added and in other orders at every level, and objects where others stood. */
function reordered(value: Candidate): fc.Arbitrary<Candidate> {
  const entries = Object.entries(value).map(([key, inner]) => fc.tuple(fc.constant(key), variantOf(inner)));
  const odd = fc.tuple(fc.constantFrom('__proto__', '7', 'zebra', 'constructor'), fc.constantFrom('x', 7, null));
  return fc
    .tuple(fc.tuple(...entries), fc.array(odd, { maxLength: 2 }))
    .chain(([own, added]) => fc.shuffledSubarray([...own, ...added], { minLength: Math.floor(own.length / 2) }))
    .map((chosen) => Object.fromEntries(chosen));
}

function variantOf(value: unknown): fc.Arbitrary<unknown> {
  const same = fc.constantFrom(value, [value], { user: value, name: 'x' }, '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return same;
  return fc.oneof({ weight: 3, arbitrary: reordered(value as Candidate) }, same); // no list: an object
}

function objectOf(keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, 'x']));
}

function namesOf(attributes: readonly AttributePlan[]): string[] {
  return attributes.map(({ name }) => name);
}

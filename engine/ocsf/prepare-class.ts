import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type CheckSchema, compileSchema } from '../schema/compile-schema.ts';
import type { SchemaSet } from '../schema/compiled-schemas.ts';
import { type ClassPlan, planClass } from './class-plan.ts';
import type { ClassFacts } from './facts.ts';
import { classSchema, objectsSchema, type ProfileSet, profileSet } from './json-schema.ts';
import { loadRelease, type Release } from './release.ts';

export type PreparedClass = {
  /** Every attribute with its type, enumeration and requirement; `attributeAt(plan.shape, path)` finds one. */
  readonly plan: ClassPlan;
  /** What {@link checkSchema} checks against. */
  readonly schemas: SchemaSet;
  /** Loaded or compiled when first used. */
  readonly checkSchema: CheckSchema;
};

/**
 * One class of one release under a set of profiles, ready for records; kept for the life of the process.
 *
 * Throws a `CannotRunError`: `descriptor/unknown-class` if there is no such release or class, `ocsf/profile` if the
 * class does not take a profile. `leave-out` goes on without such a profile, which another release may have.
 */
export async function prepareClass(
  schemasDir: string,
  version: string,
  className: string,
  profiles: readonly string[],
  { unknownProfiles = 'refuse' }: { unknownProfiles?: 'refuse' | 'leave-out' } = {},
): Promise<PreparedClass> {
  const release = await loadRelease(schemasDir, version);
  const facts = await release.classFacts(className);
  const foreign = profiles.filter((profile) => facts.profiles?.includes(profile) !== true);
  if (foreign[0] !== undefined && unknownProfiles === 'refuse') throw foreignProfile(foreign[0], release, facts);
  return prepare(release, facts, profileSet(profiles.filter((profile) => !foreign.includes(profile))));
}

/** By class facts, of which a loaded release has one object for each class; then by profile set. */
const prepared = new WeakMap<ClassFacts, Map<string, PreparedClass>>();

function prepare(release: Release, facts: ClassFacts, profiles: ProfileSet): PreparedClass {
  const ofClass = prepared.get(facts) ?? new Map<string, PreparedClass>();
  prepared.set(facts, ofClass);
  const key = profiles.join(' ');
  const known = ofClass.get(key);
  if (known !== undefined) return known;
  const all = { release, objects: release.objects };
  const schemas = {
    schema: classSchema(all, facts, profiles),
    related: [objectsSchema(all, profiles, facts)],
  };
  const made: PreparedClass = {
    plan: planClass(release, facts, profiles),
    schemas,
    checkSchema: compileSchema(schemas.schema, schemas.related),
  };
  ofClass.set(key, made);
  return made;
}

function foreignProfile(profile: string, release: Release, facts: ClassFacts): CannotRunError {
  const message = Object.hasOwn(release.profiles, profile)
    ? `Class ${facts.name} does not take profile "${profile}" in OCSF ${release.version}.`
    : `OCSF ${release.version} has no profile "${profile}".`;
  const near = didYouMean(profile, facts.profiles ?? []);
  return new CannotRunError('ocsf/profile', message, {
    hint:
      near === undefined
        ? `Class ${facts.name} takes ${facts.profiles?.join(', ') ?? 'none'}.`
        : `Did you mean "${near}"?`,
  });
}

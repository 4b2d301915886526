import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { JsonObject, OcsfRecord, Outcome } from '../records.ts';
import { type CheckSchema, compileSchema } from '../schema/compile-schema.ts';
import { checkMeaning } from './check-meaning.ts';
import { type ClassPlan, planClass } from './class-plan.ts';
import { completeRecord, type RecordContext } from './complete-record.ts';
import { deriveObservables } from './derive-observables.ts';
import { explainViolations } from './explain-violations.ts';
import type { ClassFacts } from './facts.ts';
import { classSchema, objectsSchema, type ProfileSet, profileSet } from './json-schema.ts';
import { isObject, maxDepth, NestingError } from './plain-value.ts';
import { loadRelease, type Release } from './release.ts';
import { retargetRecord } from './retarget-record.ts';

export type RecordChecker = {
  /** Completes and checks what a mapping gave for one source record. Never throws. */
  readonly check: (candidate: unknown, context: RecordContext) => Outcome;
};

export type CheckerRequest = {
  readonly schemasDir: string;
  /** The release the mapping is written for. */
  readonly nativeVersion: string;
  /** The release the records shall follow. */
  readonly targetVersion: string;
  readonly className: string;
  /** The profiles the records declare, as `metadata.profiles` spells them. */
  readonly profiles: readonly string[];
};

/**
 * The one maker of `OcsfRecord`s, for the records of one stream.
 *
 * Throws a `CannotRunError` if a release or class does not exist here (`descriptor/unknown-class`), or if the class
 * does not take a profile in the native release (`ocsf/profile`); one that only the target lacks is not declared
 * there, and its attributes go to `unmapped`. Tables and compiled schemas are kept for the life of the process.
 */
export async function createRecordChecker(request: CheckerRequest): Promise<RecordChecker> {
  const { schemasDir, nativeVersion, targetVersion, className } = request;
  const native = await loadClass(schemasDir, nativeVersion, className);
  checkProfiles(request.profiles, native);
  const nativeCheck = prepareClass(native, profileSet(request.profiles));
  if (targetVersion === nativeVersion) return { check: checkWith(nativeCheck, nativeCheck) };
  const target = await loadClass(schemasDir, targetVersion, className);
  const taken = request.profiles.filter((profile) => target.facts.profiles?.includes(profile) === true);
  return { check: checkWith(nativeCheck, prepareClass(target, profileSet(taken))) };
}

type LoadedClass = { readonly release: Release; readonly facts: ClassFacts };
type PreparedClass = { readonly plan: ClassPlan; readonly checkSchema: CheckSchema };

function checkWith(native: PreparedClass, target: PreparedClass): RecordChecker['check'] {
  return (candidate, context) => {
    const { origin } = context;
    if (!isObject(candidate)) return { kind: 'rejected', origin, issues: [noRecord(candidate)] };
    try {
      const completed = completeRecord(candidate, native.plan, context);
      const earlier = ownVersionIssues(candidate, native.plan);
      if (native === target) return judge(completed, native, earlier, context);
      const asWritten = judge(completed, native, earlier, context);
      if (asWritten.kind === 'rejected') return asWritten;
      return judge(retargetRecord(completed, native.plan, target.plan), target, earlier, context);
    } catch (error) {
      if (error instanceof NestingError) return { kind: 'rejected', origin, issues: [tooDeep()] };
      throw error;
    }
  };
}

/** The observables that the mapping gave are judged; those derived after that are right by their making. */
function judge(
  given: JsonObject,
  { plan, checkSchema }: PreparedClass,
  earlier: Issue[],
  context: RecordContext,
): Outcome {
  const { origin } = context;
  const meaning = checkMeaning(given, plan);
  const record = deriveObservables(given, plan);
  const issues = [...explainViolations(checkSchema(record), plan), ...meaning, ...earlier];
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'rejected', origin, issues: cut(errors) };
  // The brand is given here and nowhere else: the record has passed every check.
  return { kind: 'accepted', origin, record: record as OcsfRecord, warnings: cut(issues) };
}

/** One bad list of thousands must not fill the file of rejected records. */
function cut(issues: Issue[]): Issue[] {
  return issues.slice(0, 50);
}

function ownVersionIssues(candidate: Readonly<Record<string, unknown>>, plan: ClassPlan): Issue[] {
  const own = isObject(candidate.metadata) ? candidate.metadata.version : undefined;
  if (typeof own !== 'string' || own === '' || own === plan.version) return [];
  return [
    {
      code: 'ocsf/version',
      severity: 'warning',
      message: `The mapping sets metadata.version ${own}, but its stream is written for OCSF ${plan.version}.`,
      hint: 'Leave metadata.version out of the mapping; it is filled in.',
      pointer: '/metadata/version',
    },
  ];
}

function noRecord(candidate: unknown): Issue {
  const got = candidate === undefined || candidate === null ? 'nothing' : 'something that is no object';
  return {
    code: 'mapping/no-record',
    severity: 'error',
    message: `The mapping gave ${got} for this record.`,
    hint: 'A mapping is one object literal: { … }.',
    pointer: '',
  };
}

function tooDeep(): Issue {
  return {
    code: 'ocsf/wrong-type',
    severity: 'error',
    message: `The record is nested more than ${maxDepth} levels deep.`,
    hint: 'Leave the deep part of the source record out with "drop", or turn it into text with $string().',
    pointer: '',
  };
}

async function loadClass(schemasDir: string, version: string, className: string): Promise<LoadedClass> {
  const release = await loadRelease(schemasDir, version);
  return { release, facts: await release.classFacts(className) };
}

function checkProfiles(profiles: readonly string[], { release, facts }: LoadedClass): void {
  for (const profile of profiles) {
    if (facts.profiles?.includes(profile) === true) continue;
    const known = Object.hasOwn(release.profiles, profile);
    throw new CannotRunError(
      'ocsf/profile',
      known
        ? `Class ${facts.name} does not take profile "${profile}" in OCSF ${release.version}.`
        : `OCSF ${release.version} has no profile "${profile}".`,
      { hint: `Class ${facts.name} takes ${facts.profiles?.join(', ') ?? 'none'}.` },
    );
  }
}

/** By class facts, which are one object for each class of a loaded release; then by profile set. */
const prepared = new WeakMap<ClassFacts, Map<string, PreparedClass>>();

function prepareClass({ release, facts }: LoadedClass, profiles: ProfileSet): PreparedClass {
  const ofClass = prepared.get(facts) ?? new Map<string, PreparedClass>();
  prepared.set(facts, ofClass);
  const key = profiles.join(' ');
  const known = ofClass.get(key);
  if (known !== undefined) return known;
  const schemas = { release, objects: release.objects };
  const made: PreparedClass = {
    plan: planClass(release, facts, profiles),
    checkSchema: compileSchema(classSchema(schemas, facts, profiles), [objectsSchema(schemas, profiles, facts)]),
  };
  ofClass.set(key, made);
  return made;
}

import type { Issue } from '../diagnostics/issue.ts';
import type { JsonObject, OcsfRecord, Outcome } from '../records.ts';
import { checkMeaning } from './check-meaning.ts';
import type { ClassPlan } from './class-plan.ts';
import { completeRecord, type RecordContext } from './complete-record.ts';
import { deriveObservables } from './derive-observables.ts';
import { explainViolations, mostIssues } from './explain-violations.ts';
import { isObject, maxDepth, NestingError } from './plain-value.ts';
import { type PreparedClass, prepareClass } from './prepare-class.ts';
import { retargetRecord } from './retarget-record.ts';
import { excerpt } from './wording.ts';

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
  const { schemasDir, nativeVersion, targetVersion, className, profiles } = request;
  const native = await prepareClass(schemasDir, nativeVersion, className, profiles);
  if (targetVersion === nativeVersion) return { check: checkWith(native, native) };
  const target = await prepareClass(schemasDir, targetVersion, className, profiles, { unknownProfiles: 'leave-out' });
  return { check: checkWith(native, target) };
}

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
  if (errors.length > 0) return { kind: 'rejected', origin, issues: errors.slice(0, mostIssues) };
  // The brand is given here and nowhere else: the record has passed every check.
  return { kind: 'accepted', origin, record: record as OcsfRecord, warnings: issues.slice(0, mostIssues) };
}

function ownVersionIssues(candidate: Readonly<Record<string, unknown>>, plan: ClassPlan): Issue[] {
  const own = isObject(candidate.metadata) ? candidate.metadata.version : undefined;
  if (typeof own !== 'string' || own === '' || own === plan.version) return [];
  return [
    {
      code: 'ocsf/version',
      severity: 'warning',
      message: `The mapping sets metadata.version ${excerpt(own)}, but its stream is written for OCSF ${plan.version}.`,
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

import type { Issue } from '../diagnostics/issue.ts';
import type { JsonObject, JsonValue, OcsfRecord, Origin, Outcome } from '../records.ts';
import { checkMeaning } from './check-meaning.ts';
import { asBaseEvent, baseEventClass } from './as-base-event.ts';
import type { ClassPlan } from './class-plan.ts';
import { completeRecord, type RecordContext } from './complete-record.ts';
import { deriveObservables } from './derive-observables.ts';
import { explainViolations, mostIssues } from './explain-violations.ts';
import { isObject, maxDepth, NestingError } from './plain-value.ts';
import { type PreparedClass, prepareClass } from './prepare-class.ts';
import { type Moved, retargetRecord } from './retarget-record.ts';
import { excerpt } from './wording.ts';

export type RecordChecker = {
  /** Completes and checks what a mapping gave for one source record. Never throws. */
  readonly check: (candidate: unknown, context: RecordContext) => Outcome;
  /** The same, with what the record was on its way, for people who want to see how it came about. */
  readonly examine: (candidate: unknown, context: RecordContext) => Examination;
};

export type Examination = {
  readonly outcome: Outcome;
  /** The class in the release the mapping is written for, and in the one that the record follows. */
  readonly native: ClassPlan;
  readonly target: ClassPlan;
  /** As the mapping gave it, completed; absent if that was no record. */
  readonly completed?: JsonObject;
  /** Carried over to another release; absent if there is none, or if the record did not come that far. */
  readonly retargeted?: JsonObject;
  /** What the other release has no home for: dotted path in the completed record, to value. */
  readonly moved: ReadonlyMap<string, JsonValue>;
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
 * The one maker of `OcsfRecord`s, for the records of one stream. A record that its class cannot hold in the target
 * release, as that requires there what it lacks, becomes a Base Event of that release.
 *
 * Throws a `CannotRunError` if a release or class does not exist here (`descriptor/unknown-class`), or if the class
 * does not take a profile in the native release (`ocsf/profile`); one that only the target lacks is not declared
 * there, and its attributes go to `unmapped`. Tables and compiled schemas are kept for the life of the process.
 */
export async function createRecordChecker(request: CheckerRequest): Promise<RecordChecker> {
  const { schemasDir, nativeVersion, targetVersion, className, profiles } = request;
  const native = await prepareClass(schemasDir, nativeVersion, className, profiles);
  if (targetVersion === nativeVersion) return checkerFor(native, native);
  const prepare = (name: string) =>
    prepareClass(schemasDir, targetVersion, name, profiles, { unknownProfiles: 'leave-out' });
  return checkerFor(native, await prepare(className), await prepare(baseEventClass));
}

function checkerFor(native: PreparedClass, target: PreparedClass, base = target): RecordChecker {
  const examine = examineWith(native, target, base);
  return { examine, check: (candidate, context) => examine(candidate, context).outcome };
}

/** `base`: Base Event of the target, for records that the class cannot hold there. */
function examineWith(native: PreparedClass, target: PreparedClass, base: PreparedClass): RecordChecker['examine'] {
  return (candidate, context) => {
    const rejected = (issue: Issue): Examination => ({
      outcome: { kind: 'rejected', origin: context.origin, issues: [issue] },
      native: native.plan,
      target: target.plan,
      moved: nothing,
    });
    if (!isObject(candidate)) return rejected(noRecord(candidate));
    try {
      const completed = completeRecord(candidate, native.plan, context);
      const earlier = ownVersionIssues(candidate, native.plan);
      const outcome = judge(completed, native, earlier, context);
      if (native === target || outcome.kind === 'rejected')
        return { outcome, native: native.plan, target: target.plan, completed, moved: nothing };
      return examineRetargeted(completed, native, target, base, earlier, context);
    } catch (error) {
      if (error instanceof NestingError) return rejected(tooDeep());
      throw error;
    }
  };
}

const nothing: ReadonlyMap<string, JsonValue> = new Map();

/** As a record of the target's class, or else as a Base Event of the target. */
function examineRetargeted(
  completed: JsonObject,
  native: PreparedClass,
  target: PreparedClass,
  base: PreparedClass,
  earlier: Issue[],
  context: RecordContext,
): Examination {
  const moved: Moved = new Map();
  const retargeted = retargetRecord(completed, native.plan, target.plan, moved);
  const outcome = judge(retargeted, target, earlier, context);
  const asTarget = { native: native.plan, completed, outcome, target: target.plan, retargeted, moved };
  if (outcome.kind === 'accepted' || base === target) return asTarget;
  const movedToBase: Moved = new Map();
  const plain = asBaseEvent(completed, native.plan, base.plan);
  const asBase = retargetRecord(plain, native.plan, base.plan, movedToBase);
  const baseOutcome = judge(asBase, base, earlier, context);
  if (baseOutcome.kind === 'rejected') return asTarget;
  return { ...asTarget, outcome: baseOutcome, target: base.plan, retargeted: asBase, moved: movedToBase };
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
  const violations = checkSchema(record);
  if (violations.length + meaning.length + earlier.length === 0) return accepted(record, [], origin);
  const issues = [...explainViolations(violations, plan), ...meaning, ...earlier];
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'rejected', origin, issues: errors.slice(0, mostIssues) };
  return accepted(record, issues.slice(0, mostIssues), origin);
}

/** The brand is given here and nowhere else: the record has passed every check. */
function accepted(record: JsonObject, warnings: Issue[], origin: Origin): Outcome {
  return { kind: 'accepted', origin, record: record as OcsfRecord, warnings };
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

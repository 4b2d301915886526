import type { Issue } from '../../diagnostics/issue.ts';
import type { CheckName } from '../salvage.ts';
import { addresses } from './addresses.ts';
import { badPatterns } from './bad-patterns.ts';
import { completeness } from './completeness.ts';
import { cursors } from './cursors.ts';
import { deadRules } from './dead-rules.ts';
import { deprecatedStreams } from './deprecated-streams.ts';
import { derivedFromOff, impossibleDerivations } from './derivations.ts';
import { duplicateStreams } from './duplicate-streams.ts';
import { exposedSecrets } from './exposed-secrets.ts';
import { folderName } from './folder-name.ts';
import { impossiblePaging } from './impossible-paging.ts';
import { pathEncoding } from './path-encoding.ts';
import { propertyValues } from './property-values.ts';
import { secretsInClear } from './secrets-in-clear.ts';
import { slowPatterns } from './slow-patterns.ts';
import { type Check, type Subject, withoutRepeats } from './subject.ts';
import { unknownPlaceholders } from './unknown-placeholders.ts';
import {
  conditionReferences,
  connectionReferences,
  deriveReferences,
  parentReferences,
  permissionReferences,
  rateLimitReferences,
  successorReferences,
  usualMistakes,
} from './unknown-references.ts';
import { unusedProperties, unusedRateLimits } from './unused-declarations.ts';

/** What makes a descriptor impossible to run with: told whenever it is read. */
const sound = {
  folderName,
  unknownPlaceholders,
  connectionReferences,
  rateLimitReferences,
  permissionReferences,
  conditionReferences,
  parentReferences,
  successorReferences,
  deriveReferences,
  usualMistakes,
  cursors,
  impossibleDerivations,
  completeness,
  badPatterns,
} satisfies Checks;

/** What its author should know: told by `sluice validate`. */
const prudent = {
  propertyValues,
  secretsInClear,
  exposedSecrets,
  addresses,
  pathEncoding,
  impossiblePaging,
  duplicateStreams,
  deprecatedStreams,
  derivedFromOff,
  deadRules,
  unusedRateLimits,
} satisfies Checks;

/** The name of each says, in `salvage.ts`, what it relies on. */
type Checks = { readonly [Name in CheckName]?: Check };

/** What a check may look at; `undefined` where it cannot be made. */
export type SubjectFor = (check: CheckName) => Subject | undefined;

/** What a JSON Schema cannot see, and no run can do without. */
export function checkSoundness(subjectFor: SubjectFor): Issue[] {
  return withoutRepeats(made(sound, subjectFor));
}

/** What further is wrong or doubtful. `expressions` are the texts of the feed's mappings and derivations. */
export async function checkPrudence(subjectFor: SubjectFor, expressions: readonly string[]): Promise<Issue[]> {
  const forProperties = subjectFor('unusedProperties');
  const forPatterns = subjectFor('slowPatterns');
  return withoutRepeats([
    ...made(prudent, subjectFor),
    ...(forProperties === undefined ? [] : unusedProperties(forProperties, expressions)),
    ...(forPatterns === undefined ? [] : await slowPatterns(forPatterns)),
  ]);
}

function made(checks: Checks, subjectFor: SubjectFor): Issue[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const subject = subjectFor(name as CheckName); // a key of Checks
    return subject === undefined ? [] : check(subject);
  });
}

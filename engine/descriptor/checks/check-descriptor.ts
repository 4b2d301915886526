import type { Issue } from '../../diagnostics/issue.ts';
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
import { unknownReferences } from './unknown-references.ts';
import { unusedDeclarations } from './unused-declarations.ts';

/** What makes a descriptor impossible to run with: told whenever it is read. */
const sound: readonly Check[] = [
  folderName,
  unknownPlaceholders,
  unknownReferences,
  cursors,
  impossibleDerivations,
  completeness,
  badPatterns,
];

/** What its author should know: told by `sluice validate`. */
const prudent: readonly Check[] = [
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
];

/** What a JSON Schema cannot see, and no run can do without. */
export function checkSoundness(subject: Subject): Issue[] {
  return withoutRepeats(sound.flatMap((check) => check(subject)));
}

/** What further is wrong or doubtful. `expressions` are the texts of the feed's mappings and derivations. */
export async function checkPrudence(subject: Subject, expressions: readonly string[]): Promise<Issue[]> {
  const found = prudent.flatMap((check) => check(subject));
  return withoutRepeats([...found, ...unusedDeclarations(subject, expressions), ...(await slowPatterns(subject))]);
}

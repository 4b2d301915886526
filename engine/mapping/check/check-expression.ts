import type { Issue } from '../../diagnostics/issue.ts';
import { beginCheck, type MappingCheckOptions } from './check-mapping.ts';
import { checkNames } from './check-names.ts';
import { checkUnknown } from './check-source.ts';

/**
 * Types an expression that gives no OCSF record, such as the record of a derived stream: names that nothing has, and
 * fields that may be null where that does harm. Text that does not parse has no issues here.
 */
export function checkExpression(text: string, file: string, options: MappingCheckOptions = {}): Issue[] {
  const begun = beginCheck(text, file, options);
  if (begun === undefined) return [];
  const { root, walk } = begun;
  checkUnknown(walk);
  if (options.bindings !== undefined) checkNames(walk, root, Object.keys(options.bindings));
  return walk.findings.issues();
}

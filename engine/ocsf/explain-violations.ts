import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { SchemaViolation } from '../schema/compile-schema.ts';
import { childPointer, pointerKeys } from '../json-pointer.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { excerpt, pathOf } from './wording.ts';

/** One bad list of thousands must not fill the file of rejected records. */
export const mostIssues = 50;

/** What a record breaks of its class's JSON Schema, in words for the author of the mapping; one issue a fault. */
export function explainViolations(violations: readonly SchemaViolation[], plan: ClassPlan): Issue[] {
  const own = violations.filter((violation) => !isEcho(violation));
  const wrongTypes = new Set(own.filter(({ keyword }) => keyword === 'type').map(({ pointer }) => pointer));
  const outOfForm = new Set<string>();
  return own
    .filter(({ keyword, pointer }) => {
      // A value of the wrong type is told as that, and one that is too long and of the wrong form once.
      if (keyword === 'type') return true;
      if (wrongTypes.has(pointer)) return false;
      if (aboutInside.has(keyword)) return true;
      return !outOfForm.has(pointer) && outOfForm.add(pointer);
    })
    .slice(0, mostIssues)
    .map((violation) => ({ severity: 'error' as const, pointer: violation.pointer, ...explain(violation, plan) }));
}

/** Keywords that may fail several times at one object, each time for another reason. */
const aboutInside: ReadonlySet<string> = new Set(['additionalProperties', 'required', 'anyOf', 'oneOf']);

/** Says again what another violation says better. */
function isEcho({ keyword, pointer, schemaPath, params }: SchemaViolation): boolean {
  if (/\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath)) return true; // a branch; the constraint itself is told as a whole
  // type_uid is filled in from class_uid and activity_id; it is wrong or missing only where one of them is.
  if (pointer === '/type_uid' && keyword === 'enum') return true;
  return pointer === '' && keyword === 'required' && params.missingProperty === 'type_uid';
}

type Explanation = Pick<Issue, 'code' | 'message'> & Partial<Pick<Issue, 'hint' | 'pointer'>>;

function explain(violation: SchemaViolation, plan: ClassPlan): Explanation {
  const { keyword, pointer, params } = violation;
  const { attribute, shape } = placeOf(pointer, plan.shape);
  switch (keyword) {
    case 'additionalProperties':
      return unknownAttribute(pointer, String(params.additionalProperty), shape ?? plan.shape);
    case 'required':
      return missingAttribute(pointer, String(params.missingProperty), shape ?? plan.shape, plan);
    case 'anyOf':
    case 'oneOf':
      return brokenConstraint(pointer, shape ?? plan.shape);
    case 'enum':
      return unknownId(violation, attribute);
    case 'type':
      return wrongType(violation, attribute);
    default:
      return outOfRange(violation, attribute);
  }
}

function unknownAttribute(pointer: string, name: string, shape: ShapePlan): Explanation {
  const at = childPointer(pointer, name);
  const profiles = shape.closed.get(name);
  if (profiles !== undefined) {
    const list = profiles.join(' or ');
    return {
      code: 'ocsf/profile',
      message: `${pathOf(at)} belongs to profile ${list}, which the record does not declare.`,
      hint: `Add the profile to the stream's "ocsf.profiles", or leave the attribute out.`,
      pointer: at,
    };
  }
  const meant = didYouMean(name.slice(0, 60), [...shape.byName.keys()]);
  return {
    code: 'ocsf/unknown-attribute',
    message: `${pathOf(at)} is no attribute of ${shape.caption} (${shape.name}).`,
    hint: meant === undefined ? 'What has no home in OCSF belongs in "unmapped".' : `Did you mean "${meant}"?`,
    pointer: at,
  };
}

function missingAttribute(pointer: string, name: string, shape: ShapePlan, plan: ClassPlan): Explanation {
  const path = pathOf(childPointer(pointer, name));
  const profiles = shape.byName.get(name)?.profiles?.filter((profile) => plan.profiles.includes(profile));
  const owed = profiles === undefined ? `${shape.caption} (${shape.name})` : `profile ${profiles.join(', ')}`;
  return {
    code: 'ocsf/missing-attribute',
    message: `${path} is missing; ${owed} requires it.`,
    hint:
      pointer === ''
        ? `Give "${name}" in the mapping; null and empty values count as missing.`
        : `Give "${name}" in the mapping, or leave ${pathOf(pointer)} out altogether.`,
  };
}

function brokenConstraint(pointer: string, shape: ShapePlan): Explanation {
  const names = (list: readonly string[]) => list.join(', ');
  const wants =
    shape.atLeastOne.length > 0 ? `at least one of ${names(shape.atLeastOne)}` : `just one of ${names(shape.justOne)}`;
  return {
    code: 'ocsf/constraint',
    message: `${pathOf(pointer)} needs ${wants}.`,
    hint: 'Null and empty values do not count.',
  };
}

function unknownId({ pointer, value }: SchemaViolation, attribute: AttributePlan | undefined): Explanation {
  const captions = [...(attribute?.captions ?? [])];
  const meant = typeof value === 'string' ? attribute?.ids?.get(value.toLowerCase()) : undefined;
  const allowed = captions.slice(0, 12).map(([id, caption]) => `${id} ${caption}`);
  return {
    code: 'ocsf/unknown-enum-value',
    message: `${pathOf(pointer)} is ${excerpt(value)}, which the enumeration does not have.`,
    hint:
      meant === undefined
        ? `Allowed: ${allowed.join(', ')}${captions.length > allowed.length ? ', …' : ''}.`
        : `Did you mean ${meant} (${attribute?.captions?.get(meant) ?? ''})?`,
  };
}

function wrongType({ pointer, value, params }: SchemaViolation, attribute: AttributePlan | undefined): Explanation {
  const wanted = String(params.type);
  const type = attribute === undefined || wanted === 'array' ? '' : ` (${attribute.type})`;
  const hint = hintForType(wanted, value, attribute);
  return {
    code: 'ocsf/wrong-type',
    message: `${pathOf(pointer)} must be ${article(wanted)}${type}, but is ${kindOf(value)} ${excerpt(value)}.`,
    ...(hint !== undefined && { hint }),
  };
}

function hintForType(wanted: string, value: unknown, attribute: AttributePlan | undefined): string | undefined {
  // JSONata hands over a list of one as the bare item.
  if (wanted === 'array') return 'Write the list in square brackets in the mapping, also where it has one item.';
  if (typeof value !== 'string') return undefined;
  const id = attribute?.ids?.get(value) ?? attribute?.ids?.get(value.toLowerCase());
  if (id !== undefined && attribute?.caption !== undefined) {
    return `"${value}" is the caption of ${id}: give it as "${attribute.caption}", and the id is filled in.`;
  }
  if (attribute?.type === 'timestamp_t') return 'Turn it into milliseconds in the mapping, as $toMillis() does.';
  return undefined;
}

function outOfRange(
  { pointer, value, keyword, message }: SchemaViolation,
  attribute: AttributePlan | undefined,
): Explanation {
  const type = attribute?.type ?? 'its type';
  const { minimum = -Infinity, maximum = Infinity, maxLength = Infinity } = attribute?.limits ?? {};
  const what: { readonly [keyword: string]: string } = {
    pattern: `does not have the form of ${type}`,
    maxLength: `is ${typeof value === 'string' ? value.length : 0} characters long; ${type} takes ${maxLength}`,
    minimum: `lies outside ${minimum} to ${maximum}, the range of ${type}`,
    maximum: `lies outside ${minimum} to ${maximum}, the range of ${type}`,
  };
  return {
    code: 'ocsf/out-of-range',
    message: `${pathOf(pointer)} ${excerpt(value)} ${what[keyword] ?? message}.`,
    hint: 'Give a value that fits, or keep the source\'s own in "unmapped".',
  };
}

/** The attribute a pointer leads to, and the shape of what stands there. */
function placeOf(pointer: string, root: ShapePlan): { attribute?: AttributePlan; shape?: ShapePlan } {
  let place: { attribute?: AttributePlan; shape?: ShapePlan } = { shape: root };
  for (const part of pointerKeys(pointer)) {
    const attribute = place.shape?.byName.get(part);
    if (attribute === undefined && place.attribute?.isArray === true && /^\d+$/.test(part)) continue;
    if (attribute === undefined) return {};
    place = { attribute, ...(attribute.shape !== undefined && { shape: attribute.shape }) };
  }
  return place;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'the array';
  return typeof value === 'object' ? 'the object' : `the ${typeof value}`;
}

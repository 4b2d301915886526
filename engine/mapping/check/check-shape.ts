import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { checkAttribute, objectsIn } from './check-attribute.ts';
import { checkCaptions } from './check-captions.ts';
import { checkOwed } from './check-owed.ts';
import { canBeGiven } from './given.ts';
import { pathOf, type Place } from './record-place.ts';
import type { TargetAttribute, TargetShape } from './target-class.ts';
import type { Field, ObjectOption } from './value.ts';
import { report } from './walk.ts';

/** Checks the object a mapping puts together against the class or object it is to be. */
export function checkShape(option: ObjectOption, shape: TargetShape, place: Place): void {
  if (option.source !== undefined) return;
  const given = [...option.fields].filter(([, { value }]) => canBeGiven(value));
  for (const [name, field] of given) {
    const attribute = shape.byName.get(name);
    if (attribute === undefined) reportUnknown(name, field, shape, place);
    else checkField(attribute, field, option, place);
  }
  checkCaptions(option, shape, place);
  if (!option.open && given.length > 0) checkOwed(option, shape, place);
}

function reportUnknown(name: string, { keyAt }: Field, shape: TargetShape, place: Place): void {
  const { walk, target } = place;
  const path = pathOf(name, place);
  const profiles = shape.closed.get(name);
  if (profiles !== undefined) {
    report(walk, {
      code: 'mapping/needs-profile',
      at: keyAt,
      message: `${path} is an attribute of profile ${profiles.join(' or ')}, which the stream does not declare.`,
      hint: `Add ${profiles[0] ?? 'it'} to the stream's ocsf.profiles, or leave ${name} out.`,
    });
    return;
  }
  const near = didYouMean(name, [...shape.byName.keys()]);
  report(walk, {
    code: 'mapping/unknown-attribute',
    at: keyAt,
    message: `${path} is no attribute of ${shape.name} in OCSF ${target.version}.`,
    hint: near === undefined ? 'What has no attribute goes to unmapped.' : `Did you mean "${near}"?`,
  });
}

function checkField(attribute: TargetAttribute, field: Field, owner: ObjectOption, place: Place): void {
  const { walk, target } = place;
  const path = pathOf(attribute.name, place);
  const since = attribute.deprecated ?? attribute.shape?.deprecated;
  // What is required cannot be left out.
  if (since !== undefined && !attribute.required) {
    const what = attribute.deprecated === undefined ? `Object ${attribute.type} of ${path}` : path;
    report(walk, {
      code: 'mapping/deprecated-attribute',
      severity: 'warning',
      at: field.keyAt,
      message: `${what} is deprecated since OCSF ${since}.`,
      hint: 'Leave it out, or give what OCSF has in its place.',
    });
  }
  if (target.filledIn.get(path) === 'always' && !tellsActivity(attribute, owner)) {
    report(walk, {
      code: 'mapping/redundant-attribute',
      severity: 'warning',
      at: field.keyAt,
      message: `${path} is filled in by the engine.`,
      hint: 'Leave it out.',
    });
  }
  const inner = { ...place, path };
  checkAttribute(attribute, field, inner);
  if (attribute.shape === undefined) return;
  for (const option of objectsIn(field.value)) checkShape(option, attribute.shape, inner);
}

/** From `type_uid` alone the engine works the activity out. */
function tellsActivity({ name }: TargetAttribute, { fields }: ObjectOption): boolean {
  return (name === 'type_uid' || name === 'type_name') && !fields.has('activity_id') && !fields.has('activity_name');
}

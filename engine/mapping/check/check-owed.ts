import { canBeGiven, isAlwaysGiven } from './given.ts';
import { pathOf, type Place } from './record-place.ts';
import type { TargetAttribute, TargetShape } from './target-class.ts';
import type { Field, ObjectOption, Value } from './value.ts';
import { quoteAt, report } from './walk.ts';

/** Checks that an object whose fields are all known has what it owes: required attributes, and its constraints. */
export function checkOwed(option: ObjectOption, shape: TargetShape, place: Place): void {
  for (const attribute of shape.byName.values()) {
    if (attribute.required) checkRequired(attribute, option, shape, place);
  }
  checkConstraints(option, shape, place);
}

function checkRequired(attribute: TargetAttribute, option: ObjectOption, shape: TargetShape, place: Place): void {
  const path = pathOf(attribute.name, place);
  if (place.target.filledIn.has(path)) return;
  const field = option.fields.get(attribute.name);
  if (field !== undefined && canBeGiven(field.value)) {
    if (mayBeDropped(field.value) && isOtherwiseGiven(attribute, option, place)) reportOptional(path, field, place);
    return;
  }
  if (isCompleted(attribute, option, place)) return;
  report(place.walk, {
    code: 'mapping/missing-required',
    at: field?.keyAt ?? option.origin.at,
    message: `${path} is required in ${shape.name}, and nothing gives it.`,
    hint: `Add "${attribute.name}"${typeHint(attribute)}.`,
  });
}

function typeHint({ captions, type, caption }: TargetAttribute): string {
  if (captions === undefined || captions.size > 12) return ` (${type})`;
  const ids = [...captions].map(([id, word]) => (typeof id === 'number' ? `${id} ${word}` : id)).join(', ');
  return `${caption === undefined ? '' : ` or "${caption}"`}: ${ids}`;
}

/** An id follows from its caption, a caption from its id, and the activity also from `type_uid`. */
function isCompleted({ caption, id, name }: TargetAttribute, { fields }: ObjectOption, { path }: Place): boolean {
  const twins = [caption, id?.name, ...(path === '' && name === 'activity_id' ? ['type_uid'] : [])];
  return twins.some((twin) => twin !== undefined && isGiven(fields.get(twin)));
}

function isGiven(field: Field | undefined): boolean {
  return field !== undefined && canBeGiven(field.value);
}

/** A field of the source as it is, which need not be there. */
function mayBeDropped({ options, absent }: Value): boolean {
  const isPlain = options.every((option) => option.kind !== 'any' && option.origin.by === 'source');
  if (!isPlain) return false;
  const isOptional = options.every((option) => option.kind !== 'any' && option.origin.isOptional === true);
  return (absent && isOptional) || options.some(({ kind }) => kind === 'null');
}

/** An object of which nothing else is given goes away with its missing attribute, and does no harm. */
function isOtherwiseGiven(attribute: TargetAttribute, option: ObjectOption, place: Place): boolean {
  if (isCompleted(attribute, option, place)) return false;
  return (
    place.path === '' || [...option.fields].some(([name, { value }]) => name !== attribute.name && isAlwaysGiven(value))
  );
}

function reportOptional(path: string, { valueAt }: Field, { walk }: Place): void {
  const source = quoteAt(walk, valueAt);
  report(walk, {
    code: 'mapping/unguarded-optional',
    severity: 'warning',
    at: valueAt,
    message: `${path} is required, but ${source ?? 'the field of the source'} need not be there: such a record is rejected.`,
    hint: `Say what stands in for it: ${source ?? 'field'} ?: … .`,
  });
}

function checkConstraints(option: ObjectOption, shape: TargetShape, place: Place): void {
  const { atLeastOne, justOne } = shape;
  const may = (name: string) => mayBeThere(name, option, shape, place);
  if (atLeastOne.length > 0 && !atLeastOne.some(may)) {
    reportConstraint(`needs at least one of ${atLeastOne.join(', ')}; none is given`, option, shape, place);
  }
  if (justOne.length === 0) return;
  const sure = justOne.filter((name) => isAlwaysThere(name, option));
  if (!justOne.some(may)) reportConstraint(`needs one of ${justOne.join(', ')}; none is given`, option, shape, place);
  else if (sure.length > 1) {
    reportConstraint(`takes just one of ${justOne.join(', ')}; this gives ${sure.join(' and ')}`, option, shape, place);
  }
}

function reportConstraint(what: string, option: ObjectOption, shape: TargetShape, { walk, path }: Place): void {
  report(walk, {
    code: 'mapping/constraint',
    at: option.origin.at,
    message: `${path === '' ? shape.name : path} ${what}.`,
    hint: what.startsWith('takes') ? 'Leave the others out.' : 'Give one of them.',
  });
}

/** A name may lead into an object, as in `device.os.version`. */
function mayBeThere(name: string, option: ObjectOption, shape: TargetShape, place: Place): boolean {
  const [first = name, ...rest] = name.split('.');
  const attribute = shape.byName.get(first);
  const field = option.fields.get(first);
  if (place.target.filledIn.has(pathOf(first, place))) return true;
  if (rest.length === 0) return isGiven(field) || (attribute !== undefined && isCompleted(attribute, option, place));
  return isGiven(field) && (field?.value.options.some((inner) => mayHold(inner, rest)) ?? false);
}

function mayHold(option: Value['options'][number], [first = '', ...rest]: readonly string[]): boolean {
  if (option.kind !== 'object' || option.open || option.source !== undefined)
    return option.kind === 'any' || option.kind === 'object';
  const field = option.fields.get(first);
  if (!isGiven(field)) return false;
  return rest.length === 0 || (field?.value.options.some((inner) => mayHold(inner, rest)) ?? false);
}

function isAlwaysThere(name: string, option: ObjectOption): boolean {
  const [first = name, ...rest] = name.split('.');
  const field = option.fields.get(first);
  return rest.length === 0 && field !== undefined && isAlwaysGiven(field.value);
}

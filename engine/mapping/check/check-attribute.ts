import { bareFault, type Fault, faultOf, idWarning, looseFault } from './faults.ts';
import { isNothing } from './given.ts';
import type { Place } from './record-place.ts';
import type { TargetAttribute } from './target-class.ts';
import type { Field, ObjectOption, Option, Value } from './value.ts';
import { report } from './walk.ts';

/** Checks what may come out as an attribute; `place` is the attribute's own. */
export function checkAttribute(attribute: TargetAttribute, { value, valueAt }: Field, place: Place): void {
  if (attribute.isArray) checkList(attribute, value, valueAt, place);
  else checkOne(attribute, bare(value), valueAt, place);
}

function checkList(attribute: TargetAttribute, value: Value, at: number, place: Place): void {
  const verdicts = real(value).map((option) => ({ option, fault: listFault(option, attribute, place.path) }));
  reportFaults(verdicts, at, place);
  for (const option of value.options) {
    if (option.kind === 'array') checkOne(attribute, bare(option.items), at, place);
  }
}

function listFault(option: Option, attribute: TargetAttribute, path: string): Fault | undefined {
  if (option.kind === 'any') return undefined;
  if (option.kind !== 'array') return bareFault(option, attribute, path);
  return option.loose ? looseFault(path) : undefined;
}

function checkOne(attribute: TargetAttribute, value: Value, at: number, place: Place): void {
  const options = real(value);
  reportFaults(
    options.map((option) => ({ option, fault: faultOf(option, attribute, place.path) })),
    at,
    place,
  );
  for (const option of options) {
    const warning = idWarning(option, attribute, place.path);
    if (warning !== undefined) report(place.walk, { ...warning, at: placeOf(option, at) });
  }
}

/** The objects that may come out of a value, be it one or an array of them, whether or not it should be the other. */
export function objectsIn({ options }: Value): readonly ObjectOption[] {
  return real({ options, absent: false }).flatMap((option) => {
    if (option.kind === 'array') return objectsIn(option.items);
    return option.kind === 'object' ? [option] : [];
  });
}

type Verdict = { readonly option: Option; readonly fault: Fault | undefined };

/**
 * What the mapping wrote down itself is a mistake wherever it stands. What it was sent, or has worked out, is one only
 * if nothing right can come out at all: an author may well let pass what is to be rejected.
 */
function reportFaults(verdicts: readonly Verdict[], at: number, { walk }: Place): void {
  const isHopeless = verdicts.every(({ fault }) => fault !== undefined);
  for (const { option, fault } of verdicts) {
    if (fault !== undefined && (isHopeless || isWritten(option))) report(walk, { ...fault, at: placeOf(option, at) });
  }
}

function isWritten(option: Option): boolean {
  return option.kind !== 'any' && option.origin.by === 'mapping';
}

function placeOf(option: Option, at: number): number {
  return option.kind !== 'any' && option.origin.by === 'mapping' ? option.origin.at : at;
}

function real({ options }: Value): readonly Option[] {
  return options.filter((option) => !isNothing(option));
}

/** A sequence may well hold one item, and then it is that item. */
function bare(value: Value): Value {
  if (!value.options.some((option) => option.kind === 'array' && option.loose)) return value;
  const options = value.options.flatMap((option) => {
    return option.kind === 'array' && option.loose ? bare(option.items).options : [option];
  });
  return { options, absent: value.absent };
}

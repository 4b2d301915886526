import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { canBeGiven, isNothing } from './given.ts';
import { pathOf, type Place } from './record-place.ts';
import type { TargetAttribute, TargetShape } from './target-class.ts';
import { elementsOf, type Field, literalOf, type ObjectOption, type Option, type Value } from './value.ts';
import { report } from './walk.ts';

/** Checks each caption against the id beside it, or, without one, whether it stands for an id. */
export function checkCaptions({ fields }: ObjectOption, shape: TargetShape, place: Place): void {
  for (const [name, field] of fields) {
    const attribute = shape.byName.get(name);
    const id = attribute?.id;
    if (attribute === undefined || id?.captions === undefined || !canBeGiven(field.value)) continue;
    if (place.target.filledIn.get(pathOf(name, place)) === 'always') continue;
    const idField = fields.get(id.name);
    if (idField === undefined || !canBeGiven(idField.value)) checkAlone(id, attribute, field, place);
    else checkPair(id, idField.value, attribute, field, place);
  }
}

type Literal = { readonly value: string | number; readonly option: Option };

function checkPair(id: TargetAttribute, idValue: Value, caption: TargetAttribute, field: Field, place: Place): void {
  // Where either may be missing, a condition may have paired them.
  if (idValue.absent || field.value.absent) return;
  const [ids, captions] = [pairable(idValue, id), pairable(field.value, caption)];
  if (ids?.length !== captions?.length) return;
  for (const [index, own] of (ids ?? []).entries())
    comparePair(id, own, captions?.[index] ?? [], field, caption, place);
}

/** The literals a value may be; of an array, those of each element. */
function pairable(value: Value, { isArray }: TargetAttribute): readonly (readonly Literal[])[] | undefined {
  const values = isArray ? elementsOf(value) : [value];
  const literals = values?.map(literalsOf);
  return literals?.includes(undefined) === true ? undefined : literals?.map((each) => each ?? []);
}

function literalsOf({ options, absent }: Value): readonly Literal[] | undefined {
  if (absent) return undefined;
  const found = options.filter((option) => !isNothing(option)).map((option) => ({ value: literalOf(option), option }));
  const known = found.filter(
    (each): each is Literal => typeof each.value === 'string' || typeof each.value === 'number',
  );
  return known.length === found.length && known.length > 0 ? known : undefined;
}

/** A mismatch is one only if no id that may stand here fits: which of them goes with which is not known. */
function comparePair(
  id: TargetAttribute,
  ids: readonly Literal[],
  captions: readonly Literal[],
  { valueAt, keyAt }: Field,
  caption: TargetAttribute,
  place: Place,
): void {
  const fits = (own: Literal, word: Literal) => {
    const right = id.captions?.get(own.value);
    return right === undefined || (own.value === 99 ? word.value !== 'Other' : word.value === right);
  };
  const wrong = captions.filter((word) => !ids.some((own) => fits(own, word)));
  for (const { value, option } of wrong) {
    const [sole] = ids;
    const at = option.kind !== 'any' && option.origin.by === 'mapping' ? option.origin.at : valueAt;
    report(place.walk, {
      code: 'mapping/caption-mismatch',
      at,
      ...mismatch(id, ids.length === 1 ? sole : undefined, value, caption, place),
    });
  }
  const [own] = ids;
  if (wrong.length > 0 || own === undefined || ids.length > 1 || own.value === 99 || !id.captions?.has(own.value))
    return;
  if (caption.isArray) return;
  report(place.walk, {
    code: 'mapping/redundant-attribute',
    severity: 'warning',
    at: keyAt,
    message: `${pathOf(caption.name, place)} follows from ${id.name}; the engine fills it in.`,
    hint: 'Leave it out.',
  });
}

function mismatch(
  id: TargetAttribute,
  own: Literal | undefined,
  word: string | number,
  caption: TargetAttribute,
  place: Place,
) {
  const path = pathOf(caption.name, place);
  const said = JSON.stringify(word);
  if (own === undefined) {
    return {
      message: `${path} ${said} is the caption of none of the ids given in ${id.name}.`,
      hint: 'Give only one of the two; the other is filled in.',
    };
  }
  if (own.value === 99) {
    return {
      message: `${path} is "Other"; beside ${id.name} 99 it should hold the source's own word.`,
      hint: "Give the source's word, or leave the caption out.",
    };
  }
  return {
    message: `${path} is ${said}, but ${id.name} ${own.value} means "${id.captions?.get(own.value) ?? ''}".`,
    hint: 'Give only one of the two; the other is filled in.',
  };
}

/** A caption alone stands for its id; a word no id has becomes 99 with that word, where there is a 99. */
function checkAlone(id: TargetAttribute, caption: TargetAttribute, { value, valueAt }: Field, place: Place): void {
  const { captions } = id;
  if (captions === undefined) return;
  const words = [...captions.values()];
  const lower = new Set(words.map((word) => word.toLowerCase()));
  const items = caption.isArray ? (elementsOf(value) ?? []) : [value];
  for (const option of items.flatMap(({ options }) => options)) {
    const word = option.kind === 'string' && option.origin.by === 'mapping' ? option.literal : undefined;
    if (word === undefined || word === '' || lower.has(word.toLowerCase())) continue;
    const near = didYouMean(word, words);
    const hasOther = captions.has(99);
    if (hasOther && near === undefined) continue;
    report(place.walk, {
      code: 'mapping/caption-mismatch',
      severity: hasOther ? 'warning' : 'error',
      at: option.kind === 'string' ? option.origin.at : valueAt,
      message: `${JSON.stringify(word)} is the caption of no id of ${pathOf(id.name, place)}${hasOther ? '; it becomes 99' : ''}.`,
      hint: near === undefined ? `There is: ${words.join(', ')}.` : `Did you mean "${near}"?`,
    });
  }
}

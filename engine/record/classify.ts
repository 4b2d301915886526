import type { JsonValue } from '../records.ts';
import { hintOf, isMeasure, isOutcomeCode } from './field-words.ts';
import { formOf, looksLikeDomain, looksLikeId, looksLikeToken } from './forms.ts';
import type { Kind } from './kinds.ts';
import type { Leaf } from './leaves.ts';
import { kindOfAttributes } from './ocsf-hints.ts';
import { isEpoch, isTimeText } from './shift-times.ts';
import { isExample, kindByShape } from './source-shape.ts';

/** What is known of the fields of one answer, beside their names and values. */
export type FieldFacts = {
  /** What the author has decided. */
  decision(field: string, name: string): Kind | undefined;
  /** Next links, cursors and the like. */
  isPaging(field: string): boolean;
  /** Taken out before mapping. */
  isDropped(field: string): boolean;
  /** The steps of a field inside its row; `undefined` outside the rows. */
  insideRow(field: string): readonly string[] | undefined;
  /** JSON Schema of a row. */
  readonly shape: JsonValue | undefined;
  /** Texts that stand in the mapping, word for word. */
  readonly mappingWords: ReadonlySet<string>;
  /** Words that existing cases hold in a field. */
  seenWords(field: string): ReadonlySet<string>;
  /** Names of the OCSF attributes that values of a field were seen to flow to. */
  attributesOf(field: string): readonly string[];
};

/**
 * The kind of a value: `plain` for null, true, false and what has neither letter nor digit; `undefined` where neither
 * decision, source shape, field name, mapping, form nor attribute tells.
 */
export function classify(leaf: Leaf, facts: FieldFacts): Kind | 'plain' | undefined {
  const { value, field, name } = leaf;
  if (value === null || typeof value === 'boolean' || !/[\p{L}\p{N}]/u.test(String(value))) return 'plain';
  const decided = facts.decision(field, name);
  if (decided !== undefined) return decided;
  if (facts.isPaging(field) || isAnnotation(name) || facts.isDropped(field)) return unreadKind(value);
  const steps = facts.insideRow(field);
  const shaped = steps === undefined ? undefined : kindByShape(facts.shape, steps, value);
  if (shaped !== undefined) return shaped;
  return typeof value === 'number' ? numberKind(value, leaf, facts) : textKind(value, leaf, facts);
}

/** OData and JSON-LD mark what is about the answer, not in it. */
export function isAnnotation(name: string): boolean {
  return name.startsWith('@') || name.includes('@odata.');
}

/** Of what no mapping reads, the meaning does not matter. */
function unreadKind(value: string | number): Kind {
  if (typeof value === 'number') return Math.abs(value) < smallNumber ? 'number' : 'id';
  return formOf(value) ?? 'token';
}

/** Figures below say nothing about anybody. */
const smallNumber = 1000;

function numberKind(value: number, { name, field }: Leaf, facts: FieldFacts): Kind | undefined {
  const hint = hintOf(name)?.kind;
  const digits = String(Math.abs(value)).length;
  if (hint === 'coordinate') return 'coordinate';
  if (isMeasure(name) || isOutcomeCode(name)) return 'number';
  if (hint === 'time' && isEpoch(value) !== undefined) return 'time';
  if (hint === 'phone' && digits >= 7) return 'phone';
  if (!Number.isInteger(value) || Math.abs(value) < smallNumber) return 'number';
  if (hint === 'id' || hint === 'token' || hint === 'person') return 'id';
  if (isEpoch(value) === 'milliseconds') return 'time';
  const flowsTo = kindOfAttributes(facts.attributesOf(field));
  if (flowsTo === 'id') return 'id';
  if (flowsTo === 'time' && isEpoch(value) !== undefined) return 'time';
  return Math.abs(value) < 10_000 ? 'number' : undefined;
}

function textKind(text: string, { name, field }: Leaf, facts: FieldFacts): Kind | undefined {
  const hint = hintOf(name);
  const byName = hint === undefined ? undefined : fitting(hint.kind, text);
  if (byName === 'word') return 'word';
  const form = formOf(text);
  if (hint?.isPersonal === true && byName !== undefined) return form ?? byName;
  const steps = facts.insideRow(field);
  if (steps !== undefined && isExample(facts.shape, steps, text)) return 'word';
  if (facts.mappingWords.has(text) || facts.seenWords(field).has(text) || commonWords.has(text.toLowerCase()))
    return 'word';
  return form ?? byName ?? byAttribute(text, facts.attributesOf(field)) ?? byLooks(text);
}

/** The kind that a name suggests, if the value can be of that kind. */
function fitting(kind: Kind, text: string): Kind | undefined {
  if (kind === 'email') return text.includes('@') ? 'email' : 'person';
  if (kind === 'url') return text.includes('://') ? 'url' : 'path';
  return fits[kind]?.(text) === false ? undefined : kind;
}

const fits: { readonly [kind in Kind]?: (text: string) => boolean } = {
  time: (text) => isTimeText(text) || (/^\d{10,13}$/.test(text) && isEpoch(Number(text)) !== undefined),
  phone: (text) => text.replaceAll(/\D/g, '').length >= 5,
  coordinate: (text) => /^-?\d{1,3}(\.\d+)?$/.test(text),
  word: (text) => /^[vV]?\d[\w.+-]{0,40}$/.test(text),
};

function byAttribute(text: string, attributes: readonly string[]): Kind | undefined {
  const kind = kindOfAttributes(attributes);
  return kind === undefined ? undefined : fitting(kind, text);
}

function byLooks(text: string): Kind | undefined {
  if (/^[-+]?[\d.,]+$/.test(text)) return text.replaceAll(/\D/g, '').length < 4 ? 'number' : 'id';
  if (/^P(?=[\dT])(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?$/.test(text)) return 'number'; // ISO 8601 duration
  if (looksLikeToken(text)) return 'token';
  if (looksLikeDomain(text)) return 'domain';
  if (looksLikeId(text)) return 'id';
  return undefined;
}

/** States and answers in every vendor's mouth. */
const commonWords = new Set(
  (
    'true false yes no on off none null unknown other undefined n/a all any default enabled disabled active inactive ' +
    'success successful succeeded failure failed error pending low medium high critical informational info warning'
  ).split(' '),
);

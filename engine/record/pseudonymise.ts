import type { JsonObject, JsonValue } from '../records.ts';
import { classify, type FieldFacts } from './classify.ts';
import { dataInKey, fieldName, rewriteKey } from './data-keys.ts';
import { formOf, looksLikeDomain, patterns } from './forms.ts';
import type { Kind } from './kinds.ts';
import { keyedDraw } from './keyed-draw.ts';
import { keysOf, type Leaf, leavesOf, mapLeaves } from './leaves.ts';
import { createOriginals, type Originals, wordsOf } from './originals.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createRewrite } from './rewrite.ts';
import { chooseOffset } from './shift-times.ts';

/** One answer of the vendor, or the rows of one, and what is known of its fields. */
export type Captured = { readonly stream: string; readonly document: JsonValue; readonly facts: FieldFacts };

export type PseudonymiseSettings = {
  /** Random, for this recording alone; never written. */
  readonly key: Buffer;
  /** No time of the result is later. */
  readonly clock: Date;
  /** Values of the connection → what stands for them in a case, where something does. */
  readonly connectionValues: ReadonlyMap<string, string | undefined>;
  /** Secrets and tokens that were sent. */
  readonly secrets: readonly string[];
  /** Text that is public already: the descriptor, mappings and derivations. */
  readonly publicText: string;
};

export type Pseudonymised = {
  /** In the order of what was captured; not to be written while `unclassified` or `leaks` hold anything. */
  readonly documents: readonly JsonValue[];
  readonly fields: readonly RecordedField[];
  readonly unclassified: readonly UnclassifiedField[];
  readonly leaks: readonly Leak[];
  /** Looks for originals in records that were made of the documents. */
  findLeaks(document: JsonValue, stream: string, file: string): Leak[];
};

/** What became of one field. `example` is a value as it is written. */
export type RecordedField = {
  readonly stream: string;
  readonly field: string;
  readonly kinds: readonly Kind[];
  readonly example: string;
};

/** `example` shows letters as a or A and digits as 9, never the value. */
export type UnclassifiedField = {
  readonly stream: string;
  readonly field: string;
  readonly name: string;
  readonly values: number;
  readonly example: string;
};

/** Where an original was found in what was to be written. */
export type Leak = { readonly stream: string; readonly file: string; readonly pointer: string };

/**
 * Replaces what is anybody's in answers of a vendor: the same value by the same stand-in everywhere, each of the form it
 * had, all times moved by one offset. Reports what it cannot classify, and whatever of the originals is still there.
 */
export function pseudonymise(captured: readonly Captured[], settings: PseudonymiseSettings): Pseudonymised {
  const answers = captured.map((answer) => classified(answer));
  const publicWords = publicWordsOf(captured, settings.publicText);
  const originals = createOriginals(publicWords);
  for (const leaf of answers.flatMap(({ leaves }) => leaves)) addOriginal(leaf, originals);
  const guarded = [...settings.connectionValues.keys(), ...settings.secrets];
  for (const value of guarded) originals.add(value, formOf(value) === 'guid' ? 'guid' : 'text');

  const isOriginal = (candidate: string) => originals.findIn(candidate) !== undefined;
  const rewrite = createRewrite({
    pseudonyms: createPseudonyms(settings.key, isOriginal),
    offsetDays: chooseOffset(timesIn(answers), settings.clock, 1 + keyedDraw(settings.key, 'offset')(27)),
    terms: termsOf(settings.connectionValues),
    domains: domainsIn(answers),
    publicWords,
    publicHosts: publicHostsIn(settings.publicText),
  });
  const results = answers.map(({ stream, document, kindOf }) => rewritten(document, stream, kindOf, rewrite));
  const kept = new Set(results.flatMap(({ kept: words }) => words));
  const findLeaks = (document: JsonValue, stream: string, file: string, isRecord: boolean) =>
    leaksIn(document, { kept, originals, isRecord }).map((pointer) => ({ stream, file, pointer }));
  return {
    documents: results.map(({ document }) => document),
    fields: results.flatMap(({ fields }) => fields),
    unclassified: answers.flatMap(unclassifiedIn),
    leaks: results.flatMap(({ document }, index) =>
      findLeaks(document, captured[index]?.stream ?? '', 'source.json', false),
    ),
    findLeaks: (document, stream, file) => findLeaks(document, stream, file, true),
  };
}

type Classified = Captured & {
  readonly leaves: readonly ClassifiedLeaf[];
  readonly kindOf: (leaf: Leaf) => Kind | 'plain' | undefined;
};
type ClassifiedLeaf = { readonly leaf: Leaf; readonly kind: Kind | 'plain' | undefined };

function classified(answer: Captured): Classified {
  const kindOf = (leaf: Leaf) => classify(leaf, answer.facts);
  const leaves = leavesOf(answer.document, fieldName).map((leaf) => ({ leaf, kind: kindOf(leaf) }));
  const keyLeaves = [...keysOf(answer.document)].flatMap(dataInKey).map(({ value, kind }) => ({
    leaf: { pointer: '', field: '', name: '', value },
    kind,
  }));
  return { ...answer, kindOf, leaves: [...leaves, ...keyLeaves] };
}

function addOriginal({ leaf: { value }, kind }: ClassifiedLeaf, originals: Originals): void {
  if (kind === 'plain' || value === null || typeof value === 'boolean') return;
  originals.add(value, kind ?? 'text');
}

function publicWordsOf(captured: readonly Captured[], publicText: string): ReadonlySet<string> {
  const names = captured.flatMap(({ document }) => [...keysOf(document)].map(fieldName));
  return new Set(
    [...wordsOf(publicText), ...names.flatMap(wordsOf), 'https', 'http', 'example'].map((word) => word.toLowerCase()),
  );
}

function publicHostsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/https?:\/\/([\w.-]+)/gi)].map(([, host = '']) => host.toLowerCase()));
}

function timesIn(answers: readonly Classified[]): (string | number)[] {
  const inText = new RegExp(patterns.time, 'giu');
  return answers.flatMap(({ leaves }) =>
    leaves.flatMap(({ leaf: { value }, kind }): (string | number)[] => {
      if (typeof value === 'number') return kind === 'time' ? [value] : [];
      if (typeof value !== 'string' || kind === 'word' || kind === 'plain') return [];
      return kind === 'time' ? [value] : (value.match(inText) ?? []);
    }),
  );
}

/** Domains of addresses and names, which may also stand in the middle of a text. */
function domainsIn(answers: readonly Classified[]): ReadonlySet<string> {
  const email = new RegExp(patterns.email, 'giu');
  const domains = answers.flatMap(({ leaves }) =>
    leaves.flatMap(({ leaf: { value }, kind }) => {
      if (typeof value !== 'string' || kind === 'word') return [];
      const own = (kind === 'domain' || kind === 'host') && looksLikeDomain(value) ? [value] : [];
      return [...own, ...(value.match(email) ?? []).map((address) => address.slice(address.lastIndexOf('@') + 1))];
    }),
  );
  return new Set(domains.filter(looksLikeDomain).map((domain) => domain.toLowerCase()));
}

function termsOf(values: ReadonlyMap<string, string | undefined>): ReadonlyMap<string, string> {
  return new Map([...values].flatMap(([from, to]) => (to === undefined ? [] : [[from.toLowerCase(), to]])));
}

type Rewritten = {
  readonly document: JsonValue;
  readonly fields: readonly RecordedField[];
  readonly kept: readonly string[];
};

function rewritten(
  document: JsonValue,
  stream: string,
  kindOf: Classified['kindOf'],
  rewrite: ReturnType<typeof createRewrite>,
): Rewritten {
  const fields = new Map<string, { kinds: Set<Kind>; example: string }>();
  const kept: string[] = [];
  const changed = mapLeaves(document, fieldName, {
    key: (key) => rewriteKey(key, rewrite),
    leaf(leaf) {
      const kind = kindOf(leaf);
      const { value, field } = leaf;
      if (kind === 'plain' || value === null || typeof value === 'boolean') return value;
      // What is not classified is not written; until then it is treated as what hides most.
      const made = rewrite(value, kind ?? 'text');
      if (kind === 'word' && typeof value === 'string') kept.push(value.toLowerCase());
      if (kind === undefined) return made;
      const known = fields.get(field) ?? { kinds: new Set(), example: String(made) };
      known.kinds.add(kind);
      fields.set(field, known);
      return made;
    },
  });
  return {
    document: changed,
    kept,
    fields: [...fields].map(([field, { kinds, example }]) => ({ stream, field, kinds: [...kinds], example })),
  };
}

function unclassifiedIn({ stream, leaves }: Classified): UnclassifiedField[] {
  const fields = new Map<string, UnclassifiedField>();
  for (const { leaf, kind } of leaves) {
    if (kind !== undefined) continue;
    const { field, name, value } = leaf;
    const known = fields.get(field) ?? { stream, field, name, values: 0, example: masked(String(value)) };
    fields.set(field, { ...known, values: known.values + 1 });
  }
  return [...fields.values()];
}

function masked(text: string): string {
  const shown = text
    .replaceAll(/[\p{L}\p{M}]/gu, (letter) => (/\p{Lu}/u.test(letter) ? 'A' : 'a'))
    .replaceAll(/\p{N}/gu, '9');
  return shown.length > 40 ? `${shown.slice(0, 39)}…` : shown;
}

type LookFor = { readonly kept: ReadonlySet<string>; readonly originals: Originals; readonly isRecord: boolean };

/** Pointers of the texts and keys that hold an original; in a record, a caption beside its id is the schema's own. */
function leaksIn(document: JsonValue, { kept, originals, isRecord }: LookFor): string[] {
  const found: string[] = [];
  const walk = (value: JsonValue, pointer: string) => {
    if (typeof value === 'string' || typeof value === 'number') {
      const text = String(value);
      const original = kept.has(text.toLowerCase()) ? originals.findInKept(text) : originals.findIn(text);
      if (original !== undefined) found.push(pointer);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (originals.findIn(key) !== undefined) found.push(`${pointer}/*`);
      if (isRecord && !Array.isArray(value) && isCaption(value, key)) continue;
      walk(inner, `${pointer}/${key}`);
    }
  };
  walk(document, '');
  return found;
}

/** `type` beside a `type_id` that is not 99, `class_name` beside `class_uid`: the engine fills them from the schema. */
function isCaption(holder: JsonObject, key: string): boolean {
  const id = holder[`${key}_id`];
  return (
    (typeof id === 'number' && id !== 99) ||
    (key.endsWith('_name') && typeof holder[key.replace(/_name$/, '_uid')] === 'number')
  );
}

import type { Position } from '../../diagnostics/issue.ts';
import type { JsonObject } from '../../records.ts';
import { positionAt } from '../check/place.ts';
import type { TextFile } from '../joined-text.ts';
import type { Bindings } from '../load-mapping.ts';
import { readTraceable, traceMapping } from '../trace/trace-mapping.ts';
import { newSeen } from './exercised.ts';
import { describePart, partsOf, placeOf, type Part } from './parts.ts';
import { declaredFields, noteFields } from './source-fields.ts';

export type PartKind = Part['kind'] | 'field';

export type Tally = { readonly exercised: number; readonly total: number };

/** What the cases of one mapping exercise of it. */
export type MappingCoverage = Tally & {
  readonly byKind: { readonly [kind in PartKind]: Tally };
  /** What no case exercises, in the order of the text; fields last. */
  readonly gaps: readonly Gap[];
};

export type Gap = {
  readonly kind: PartKind;
  readonly at: Position;
  readonly message: string;
  /** The word of a table row, the path of a field; of other parts what stands there, to the end of its line at most. */
  readonly what: string;
};

/** The fields that rows are known to have: where they are declared, or whatever the rows of the cases hold. */
export type SourceOfFields =
  | { readonly shape: JsonObject; locate(pointer: string, name: string): Position }
  | undefined;

/** A row as a mapping sees it, with what stands beside it. */
export type SeenRow = { readonly row: JsonObject; readonly bindings: Bindings };

/** A part of a mapping, or a source field, and whether a row exercises it; if none does, it is a gap. */
export type Judged = { readonly isExercised: boolean; readonly gap: Gap };

/** Runs a mapping over the rows of its cases and tells which of its parts, and which source fields, none of them exercises. */
export async function coverMapping(
  text: string,
  file: string,
  rows: readonly SeenRow[],
  source: SourceOfFields,
): Promise<MappingCoverage> {
  return coverageOf(await judgeMapping(text, file, rows, source));
}

/** As {@link coverMapping}, part by part; the parts of a shared file, as far as the mapping uses it, are at its place. */
export async function judgeMapping(
  text: string,
  file: TextFile,
  rows: readonly SeenRow[],
  source: SourceOfFields,
): Promise<Judged[]> {
  const mapping = readTraceable(text, file);
  const seen = newSeen();
  const held = new Map<string, boolean>();
  for (const { row, bindings } of rows) {
    seen.add((await traceMapping(mapping, row, bindings)).visits);
    noteFields(row, held);
  }
  const anywhere = positionAt(text, typeof file === 'string' ? 0 : file.startsAt, file);
  return [
    ...partsOf(mapping.root, text).map((part) => ({ isExercised: seen.exercises(part), gap: gapOf(part, text, file) })),
    ...fieldsOf(source, held, anywhere),
  ];
}

export function coverageOf(judged: readonly Judged[]): MappingCoverage {
  return { ...tally(judged), byKind: byKind(judged), gaps: judged.filter(isGap).map(({ gap }) => gap) };
}

/** What several mappings exercise of the file that they share, each part once, in the order of the text. */
export function eachPartOnce(judged: readonly Judged[]): Judged[] {
  const parts = new Map<string, Judged>();
  for (const one of judged) {
    const { kind, at, message } = one.gap;
    const key = JSON.stringify([kind, at.line, at.column, message]);
    if (one.isExercised || !parts.has(key)) parts.set(key, one);
  }
  return [...parts.values()].sort(({ gap: one }, { gap: other }) => inOrder(one.at, other.at));
}

function inOrder(one: Position, other: Position): number {
  return one.line - other.line || one.column - other.column;
}

function gapOf(part: Part, text: string, file: TextFile): Gap {
  const place = placeOf(part, text);
  const excerpt = text
    .slice(place, place + mostQuoted)
    .replace(/\n.*/s, '')
    .trimEnd();
  const what = part.kind === 'table-row' ? part.word : excerpt;
  return { kind: part.kind, at: positionAt(text, place, file), message: describePart(part), what };
}

/** Characters; enough to know the place again. */
const mostQuoted = 60;

function fieldsOf(source: SourceOfFields, held: ReadonlyMap<string, boolean>, anywhere: Position): Judged[] {
  const fields =
    source === undefined
      ? [...held.keys()].map((path) => ({ path, at: anywhere }))
      : declaredFields(source.shape).map(({ path, name, pointer }) => ({ path, at: source.locate(pointer, name) }));
  return fields.map(({ path, at }) => ({
    isExercised: held.get(path) === true,
    gap: { kind: 'field', at, message: `No row of a case holds ${path}.`, what: path },
  }));
}

function isGap({ isExercised }: Judged): boolean {
  return !isExercised;
}

function tally(judged: readonly Judged[]): Tally {
  return { exercised: judged.filter(({ isExercised }) => isExercised).length, total: judged.length };
}

function byKind(judged: readonly Judged[]): MappingCoverage['byKind'] {
  const of = (kind: PartKind) => tally(judged.filter(({ gap }) => gap.kind === kind));
  return {
    branch: of('branch'),
    operand: of('operand'),
    'table-row': of('table-row'),
    function: of('function'),
    field: of('field'),
  };
}

/** In percent, rounded down to a tenth, so that only all is 100; of nothing, all is exercised. */
export function percentOf({ exercised, total }: Tally): number {
  return total === 0 ? 100 : Math.floor((exercised * 1000) / total) / 10;
}

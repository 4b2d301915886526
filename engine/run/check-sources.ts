import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Derive, Descriptor, Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { readSourceShape, sourceFiles } from '../descriptor/source-shape.ts';
import type { KnownTo } from '../descriptor/salvage.ts';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { checkExpression } from '../mapping/check/check-expression.ts';
import type { JsonObject } from '../records.ts';
import { afterDrop, bindingShapes, everyField } from './check-mappings.ts';
import type { Integration } from './integrations.ts';
import type { Places } from './run-request.ts';

/** The declared shapes of rows, by stream, as mappings see them: without what the stream drops. */
export type RowShapes = {
  readonly rows: ReadonlyMap<string, JsonObject>;
  /** What is wrong with the shapes themselves. */
  readonly issues: readonly Issue[];
};

export async function readRowShapes(
  folder: string,
  knownTo: KnownTo,
  locate: Locate,
  { schemasDir, openTexts: open }: Pick<Places, 'schemasDir' | 'openTexts'>,
): Promise<RowShapes> {
  const streams = knownTo('shapeFiles')?.streams ?? [];
  const read = await Promise.all(streams.map((stream) => readSourceShape(folder, stream, schemasDir, locate, open)));
  const certain = knownTo('rowShapes')?.streams ?? [];
  const rows = streams.flatMap((stream, index) => {
    const shape = read[index]?.shape;
    const isCertain = certain.some(({ name }) => name === stream.name);
    return shape === undefined || !isCertain ? [] : [[stream.name, afterDrop(shape, stream)] as const];
  });
  return { rows: new Map(rows), issues: once(read.flatMap(({ issues }) => issues)) };
}

/** What is wrong with the declared shapes of rows, and with the derivations that read rows of a declared shape. */
export async function checkSources(
  folder: string,
  knownTo: KnownTo,
  { rows: shapes, issues }: RowShapes,
  locate: Locate,
): Promise<Issue[]> {
  const [used, derived] = [knownTo('orphanedShapes'), knownTo('typedDerivations')];
  return [
    ...issues,
    ...(used === undefined ? [] : await orphans(folder, used)),
    ...(derived === undefined ? [] : checkDerivations({ folder, descriptor: derived, shapes, locate })),
  ];
}

/** Streams may share a file, and then its faults. */
function once(issues: readonly Issue[]): Issue[] {
  return [...new Map(issues.map((issue) => [JSON.stringify([issue.code, issue.at, issue.message]), issue])).values()];
}

async function orphans(folder: string, { streams }: Descriptor): Promise<Issue[]> {
  const used = streams.flatMap(sourceFiles);
  const names = await readdir(join(folder, 'sources')).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json') && !used.includes(name))
    .map((name) => ({
      code: 'descriptor/unknown-reference',
      severity: 'warning',
      message: `No stream takes this shape: ${name}.`,
      hint: didYouMeanHint(name, used),
      at: { file: shortPath(join(folder, 'sources', name)), line: 1, column: 1 },
    }));
}

type Sources = Integration & {
  readonly shapes: ReadonlyMap<string, JsonObject>;
  readonly locate: Locate;
};

function checkDerivations(sources: Sources): Issue[] {
  return sources.descriptor.streams.flatMap((stream) => checkDerivation(stream, sources));
}

/** The rows that a derivation counts are those of the stream it is derived from. */
function checkDerivation({ name, derive }: Stream, sources: Sources): Issue[] {
  if (derive === undefined) return [];
  const { shapes, locate } = sources;
  const row = shapes.get(derive.from);
  return [
    ...(row === undefined ? [] : unknownFields(`/streams/${name}/derive`, derive, row, locate)),
    ...checkExpressions(name, derive, sources, row),
  ];
}

function unknownFields(at: string, derive: Derive, row: JsonObject, locate: Locate): Issue[] {
  const { properties, additionalProperties } = row;
  const isOpen = additionalProperties !== undefined && additionalProperties !== false;
  if (typeof properties !== 'object' || properties === null || isOpen) return [];
  const known = Object.keys(properties);
  return namedFields(derive)
    .filter(({ field }) => !known.includes(field))
    .map(({ field, pointer, isKey }) => ({
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `The rows of "${derive.from}" have no field "${field}".`,
      hint: didYouMeanHint(field, known),
      at: isKey ? locate(`${at}${pointer}`, field) : locate(`${at}${pointer}`),
      pointer: isKey ? `${at}${pointer}/${field}` : `${at}${pointer}`,
    }));
}

type NamedField = { readonly field: string; readonly pointer: string; readonly isKey: boolean };

/** Every field of a row that a derivation names: as a key of what a row must hold, or as a value. */
function namedFields(derive: Derive): NamedField[] {
  const keys = (pointer: string, condition: JsonObject) =>
    Object.keys(condition).map((field) => ({ field, pointer, isKey: true }));
  const value = (pointer: string, field: string) => ({ field, pointer, isKey: false });
  return [
    ...Object.entries(derive.where).flatMap(([property, choices]) =>
      Object.entries(choices).flatMap(([choice, condition]) => keys(`/where/${property}/${choice}`, condition)),
    ),
    ...(derive.window === undefined ? [] : [value('/window/field', derive.window.field)]),
    ...(derive.kind === 'fold'
      ? []
      : [
          ...derive.groupBy.map((field, index) => value(`/groupBy/${index}`, field)),
          ...Object.entries(derive.counters).flatMap(([name, condition]) => keys(`/counters/${name}`, condition)),
          ...Object.entries(derive.tallies).map(([name, field]) => value(`/tallies/${name}`, field)),
        ]),
  ];
}

function checkExpressions(
  name: string,
  derive: Derive,
  { folder, descriptor, locate }: Sources,
  row: JsonObject | undefined,
): Issue[] {
  const { connection, runStartedAt } = bindingShapes(descriptor); // and no page stands behind a derived record
  const bindings = { connection, runStartedAt };
  const file = shortPath(join(folder, 'derivations', `${name}.jsonata`));
  if (derive.kind === 'count') {
    return derive.record === undefined
      ? []
      : checkExpression(derive.record, file, { source: countedShape(derive), bindings });
  }
  // Quotes and folding stand between a place in the step and one in the file: the whole step is shown.
  const at = locate(`/streams/${name}/derive/step`);
  return [
    ...checkExpression(derive.step, '', { source: row, bindings: { ...bindings, state: {} } }).map((issue) => ({
      ...issue,
      at,
    })),
    ...(derive.record === undefined ? [] : checkExpression(derive.record, file, { bindings })),
  ];
}

/** What the record of a count sees; the fields of a group are whatever the rows hold. */
export function countedShape({ groupBy, counters, tallies }: Derive & { kind: 'count' }): JsonObject {
  const count = { type: 'integer' };
  const tally = { type: 'object', additionalProperties: count };
  return everyField({
    rows: count,
    group: everyField(Object.fromEntries(groupBy.map((field) => [field, {}]))),
    counters: everyField(Object.fromEntries(Object.keys(counters).map((name) => [name, count]))),
    tallies: everyField(Object.fromEntries(Object.keys(tallies).map((name) => [name, tally]))),
  });
}

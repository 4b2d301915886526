import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { readSourceShape } from '../descriptor/source-shape.ts';
import { literalsIn } from '../mapping/literals.ts';
import type { FieldFacts } from '../record/classify.ts';
import { leavesOf } from '../record/leaves.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import type { Capture } from './capture-stream.ts';
import type { Integration } from './integrations.ts';
import { createRowMapper } from './map-row.ts';
import { mapRows } from './map-rows.ts';
import type { Decisions } from './record-decisions.ts';
import { standInConnection } from './stand-in-connection.ts';

/** What the feed itself tells of the fields of an answer: its source shape, mapping, cases, and where values flow to. */
export async function fieldFacts(
  integration: Integration,
  capture: Capture,
  decisions: Decisions,
  schemasDir: string,
): Promise<FieldFacts> {
  const { stream, from, rowsAt } = capture;
  const insideRow = (field: string) =>
    rowsAt === '' || field.startsWith(`${rowsAt}/`) ? field.slice(rowsAt.length + 1).split('/') : undefined;
  const inRow = (field: string) => insideRow(field)?.join('/') ?? field;
  const seen = await seenWords(integration, from);
  const flows = await attributesReached(integration, capture, schemasDir);
  const { shape } = await readSourceShape(integration.folder, from, schemasDir, nowhere);
  const streams = stream === from ? [stream] : [stream, from];
  const words = await Promise.all(streams.map((each) => mappingWords(integration, each)));
  return {
    decision: (field, name) => decisions.of(stream.name, field, name) ?? decisions.of(from.name, field, name),
    isPaging: (field) => stream === from && pagePointers(from).includes(field),
    isDropped: (field) => isDropped(insideRow(field)?.[0], from.drop),
    insideRow,
    shape,
    mappingWords: new Set(words.flatMap((each) => [...each])),
    seenWords: (field) => seen.get(inRow(field)) ?? new Set(),
    attributesOf: (field) => [...(flows.get(inRow(field)) ?? [])],
  };
}

/** What is wrong with a shape is told by `sluice validate`. */
const nowhere = () => ({ file: '', line: 1, column: 1 });

/** Where the links and cursors to other pages, and to the next run, stand in an answer. */
function pagePointers({ pagination, cursor }: Stream): string[] {
  const next = 'pointer' in pagination ? [pagination.pointer] : [];
  return cursor?.kind === 'delta-link' ? [...next, cursor.pointer] : next;
}

function isDropped(field: string | undefined, drop: Stream['drop']): boolean {
  return (
    field !== undefined &&
    Object.keys(drop).some((name) => (name.endsWith('*') ? field.startsWith(name.slice(0, -1)) : field === name))
  );
}

async function mappingWords(
  { folder }: Integration,
  { mapping, shared, derive }: Stream,
): Promise<ReadonlySet<string>> {
  const files = [mapping, ...(shared === undefined ? [] : [shared])];
  const texts = files.map((file) => readFile(join(folder, 'mappings', file), 'utf8').catch(() => ''));
  const compared =
    derive === undefined ? [] : leavesOf(derive as unknown as JsonValue).map(({ value }) => String(value)); // from YAML
  return new Set([
    ...[...(await Promise.all(texts)), derive?.record ?? ''].flatMap((text) => [...literalsIn(text)]),
    ...compared,
  ]);
}

/** Words without spaces that the stream's cases hold, by the field inside a row. */
async function seenWords({ folder }: Integration, { name, records }: Stream): Promise<Map<string, Set<string>>> {
  const root = join(folder, 'cases', name);
  const names = await readdir(root).catch(() => []);
  const seen = new Map<string, Set<string>>();
  const start = records.kind === 'rows' ? `${records.pointer}/*/` : '/';
  for (const each of names) {
    const document = await readCase(join(root, each, 'source.json'));
    for (const { field, value } of document === undefined ? [] : leavesOf(document)) {
      if (!field.startsWith(start) || typeof value !== 'string' || !/^\p{L}[\p{L}\d_-]{0,40}$/u.test(value)) continue;
      const inRow = field.slice(start.length);
      seen.set(inRow, (seen.get(inRow) ?? new Set()).add(value));
    }
  }
  return seen;
}

/** A case that cannot be read is told by `sluice test`. */
async function readCase(path: string): Promise<JsonValue | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JsonValue; // what JSON.parse gives is JSON
  } catch {
    return undefined;
  }
}

/** Maps the rows as they came, and notes which attributes hold the value of which field. Nothing of it is kept. */
async function attributesReached(
  integration: Integration,
  { from, rows }: Capture,
  schemasDir: string,
): Promise<Map<string, Set<string>>> {
  const now = new Date();
  const facts = { runId: 'record', startedAt: now, now: () => now, ...standInConnection(integration.descriptor) };
  const mapper = await createRowMapper(integration, from, schemasDir, facts);
  const at = { integration: integration.descriptor.name, stream: from.name, page: 1 };
  const reached = new Map<string, Set<string>>();
  for (const { source, outcome } of await mapRows(rows, mapper, at, { receivedAt: now, url: '' })) {
    if (outcome.kind === 'accepted') noteAttributes(source as JsonValue, outcome.record, reached); // a row is JSON
  }
  return reached;
}

/** A value that is short, or not text nor number, is at too many places by chance. */
function noteAttributes(row: JsonValue, record: JsonObject, reached: Map<string, Set<string>>): void {
  const places = new Map<JsonValue, string[]>();
  for (const { pointer, name, value } of leavesOf(record)) {
    if (/^\/(unmapped|metadata|observables|enrichments|message|raw_data)\b/.test(pointer)) continue;
    places.set(value, [...(places.get(value) ?? []), name]);
  }
  for (const { field, value } of leavesOf(row)) {
    if (typeof value === 'boolean' || value === null || String(value).length < 3) continue;
    const inRow = field.slice(1);
    for (const name of places.get(value) ?? []) reached.set(inRow, (reached.get(inRow) ?? new Set()).add(name));
  }
}

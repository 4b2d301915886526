import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { splitRows } from '../fetch/split-rows.ts';
import type { SeenRow } from '../mapping/coverage/mapping-coverage.ts';
import type { JsonObject, JsonValue, Outcome } from '../records.ts';
import { createDerivedSources } from './derived-sources.ts';
import { answerRecords } from './answer-records.ts';
import type { Integration } from './integrations.ts';
import { createRowMapper, type RunFacts } from './map-row.ts';
import { mapRows } from './map-rows.ts';
import { standInConnection } from './stand-in-connection.ts';

/** What a case is mapped with, so that it gives the same record every time and everywhere. */
export const caseTime = new Date('2026-03-04T05:06:07.000Z');
const caseReceivedAt = new Date(caseTime.getTime() + 1000);
const casePage = { receivedAt: caseReceivedAt, url: '' };

/** What a case starts from: an answer of the vendor, or rows of the stream that a derived stream is computed from. */
export type CaseInput = { readonly source: JsonValue } | { readonly rows: JsonValue };

/** What a case gives: the accepted records in order, and the rows that were rejected. */
export type CaseOutput = { readonly records: readonly JsonObject[]; readonly rejected: readonly RejectedRow[] };

type RejectedRow = {
  readonly row: number;
  readonly issues: readonly { readonly code: string; readonly pointer: string }[];
};

/** Maps a case's source, or computes the stream from a case's rows; for another release of OCSF where one is named. */
export async function caseOutput(
  integration: Integration,
  stream: Stream,
  input: CaseInput,
  schemasDir: string,
  ocsfVersion?: string,
): Promise<CaseOutput> {
  const { taken, origin, facts } = await caseRows(integration, stream, input);
  const mapper = await createRowMapper(integration, stream, schemasDir, { ...facts, ocsfVersion });
  const mapped = await mapRows(taken, mapper, origin, casePage);
  const outcomes = mapped.map(({ outcome }) => outcome);
  return {
    records: outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.record] : [])),
    rejected: outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [rejectedRow(outcome)] : [])),
  };
}

/** The rows of a case as its mapping sees them, each with what stands beside it. */
export async function caseRowsSeen(
  integration: Integration,
  stream: Stream,
  input: CaseInput,
  schemasDir: string,
): Promise<SeenRow[]> {
  const { taken, origin, facts } = await caseRows(integration, stream, input);
  const mapper = await createRowMapper(integration, stream, schemasDir, facts);
  return taken.flatMap((source, index) => {
    const row = mapper.clean(source);
    const page = { ...casePage, removed: mapper.isRemoved(source) };
    return row === undefined ? [] : [{ row, bindings: mapper.bindings({ ...origin, row: index + 1 }, page) }];
  });
}

async function caseRows({ descriptor }: Integration, stream: Stream, input: CaseInput) {
  const facts = caseFacts(descriptor);
  const isDerived = 'rows' in input && stream.derive !== undefined;
  const derived = isDerived ? { derivedFrom: stream.derive.from } : {};
  const taken: readonly unknown[] =
    'rows' in input
      ? await derivedRows(descriptor, stream, input.rows, facts)
      : splitRows(answerRecords(stream), input.source);
  return { taken, origin: { integration: descriptor.name, stream: stream.name, page: 1, ...derived }, facts };
}

async function derivedRows(
  descriptor: Descriptor,
  stream: Stream,
  rows: JsonValue,
  facts: RunFacts,
): Promise<unknown[]> {
  const derived = createDerivedSources(descriptor, [stream], facts);
  for (const row of Array.isArray(rows) ? rows : []) {
    // A case's rows are the objects that a run would feed.
    await derived.feed(stream.derive?.from ?? '', row as JsonObject);
  }
  return (await derived.records(stream.name)) ?? [];
}

function rejectedRow({ origin, issues }: Outcome & { kind: 'rejected' }): RejectedRow {
  return { row: origin.row, issues: issues.map(({ code, pointer }) => ({ code, pointer: pointer ?? '' })) };
}

function caseFacts(descriptor: Descriptor): RunFacts {
  return { runId: 'case', startedAt: caseTime, now: () => caseReceivedAt, ...standInConnection(descriptor) };
}

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolveConnection } from '../descriptor/resolve-connection.ts';
import type { Stream } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { newTally } from '../fetch/ask-source.ts';
import { systemClock } from '../fetch/clock.ts';
import { readPages } from '../fetch/read-pages.ts';
import { splitRows } from '../fetch/split-rows.ts';
import type { JsonValue } from '../records.ts';
import { type Integration, loadIntegration, streamNamed } from './integrations.ts';
import { createRowMapper, type PageFacts, type RunFacts } from './map-row.ts';
import { openSource } from './open-source.ts';
import type { PreviewedRecord, PreviewRequest } from './requests.ts';
import { mapRows } from './map-rows.ts';
import { standInConnection } from './stand-in-connection.ts';

/** Maps one page of a stream, from the source or from a saved answer, and delivers nothing. */
export async function previewStream(request: PreviewRequest): Promise<PreviewedRecord[]> {
  const integration = await loadIntegration(request.places, request.integration);
  const stream = streamNamed(integration.descriptor, request.stream);
  if (request.sourceFile !== undefined) {
    const answer = await readAnswer(request.sourceFile);
    const page = { receivedAt: systemClock.now(), url: '' };
    return mapPage(
      integration,
      stream,
      splitRows(stream.records, answer),
      page,
      previewFacts(standInConnection(integration.descriptor), request),
      request,
    );
  }
  const connection = await resolveConnection(integration.descriptor, request.connection ?? { set: {}, env: {} });
  const source = openSource(integration.descriptor, connection, { pace: request.pace, signal: request.signal });
  try {
    for await (const page of readPages(source.reading(stream, { tally: newTally(), signal: request.signal }))) {
      const facts = previewFacts({ tenantUid: source.tenantUid, connection: connection.shown }, request);
      return await mapPage(integration, stream, page.rows, page, facts, request);
    }
    return [];
  } finally {
    source.close();
  }
}

async function mapPage(
  integration: Integration,
  stream: Stream,
  rows: readonly unknown[],
  page: PageFacts,
  facts: RunFacts,
  request: PreviewRequest,
): Promise<PreviewedRecord[]> {
  const mapper = await createRowMapper(integration, stream, request.places.schemasDir, facts);
  const mapped = await mapRows(
    rows.slice(0, request.limit),
    mapper,
    { integration: integration.descriptor.name, stream: stream.name, page: 1 },
    page,
  );
  return mapped.map(({ outcome, source }) => ({
    page: outcome.origin.page,
    row: outcome.origin.row,
    source,
    ...(outcome.kind === 'accepted'
      ? { record: outcome.record, issues: outcome.warnings }
      : { issues: outcome.issues }),
  }));
}

function previewFacts(
  connection: Pick<RunFacts, 'tenantUid' | 'connection'>,
  { ocsfVersion }: PreviewRequest,
): RunFacts {
  return {
    runId: randomUUID(),
    startedAt: systemClock.now(),
    now: () => systemClock.now(),
    ocsfVersion,
    ...connection,
  };
}

async function readAnswer(path: string): Promise<JsonValue> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JsonValue; // what JSON.parse gives is JSON
  } catch (cause) {
    throw new CannotRunError(
      'fetch/not-json',
      `${path} is no readable JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        hint: 'Give an answer of the vendor, saved as it was sent.',
      },
    );
  }
}

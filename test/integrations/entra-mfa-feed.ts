import { join } from 'node:path';
import { createDerivation } from '../../engine/derive/derivation.ts';
import type { Descriptor, Stream } from '../../engine/descriptor/descriptor.ts';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { loadMapping } from '../../engine/mapping/load-mapping.ts';
import { loadStreamMapping } from '../../engine/run/load-stream-mapping.ts';
import { createRecordChecker } from '../../engine/ocsf/check-record.ts';
import type { JsonObject, Outcome } from '../../engine/records.ts';
import { fieldDropper } from '../../engine/run/drop-fields.ts';

const root = join(import.meta.dirname, '..', '..');
export const folder = join(root, 'integrations', 'microsoft-entra-mfa');
const schemasDir = join(root, 'schemas');

export const runStartedAt = new Date('2026-03-04T05:06:07.000Z');
export const defaults = {
  tenantId: '11111111-2222-4333-8444-555555555555',
  graphUrl: 'https://graph.microsoft.example',
  includedUserTypes: 'all',
  includedUserRoles: 'all',
  period: 'D30',
};

export async function readFeed(): Promise<Descriptor> {
  const { descriptor, issues } = await readDescriptor(folder, schemasDir);
  if (descriptor === undefined) throw new Error(issues.map(({ message }) => message).join('\n'));
  return descriptor;
}

function streamOf(feed: Descriptor, name: string): Stream {
  const stream = feed.streams.find((candidate) => candidate.name === name);
  if (stream === undefined) throw new Error(`no stream ${name}`);
  return stream;
}

/** Drop, map, complete and check: what becomes of one row of a stream. */
export async function rowMapper(feed: Descriptor, name: string): Promise<(row: JsonObject) => Promise<Outcome>> {
  const stream = streamOf(feed, name);
  const mapping = await loadStreamMapping(folder, stream);
  const checker = await createRecordChecker({
    schemasDir,
    nativeVersion: stream.ocsf.version,
    targetVersion: stream.ocsf.version,
    className: stream.ocsf.class,
    profiles: stream.ocsf.profiles,
  });
  const drop = fieldDropper(stream.drop);
  const bindings = {
    connection: defaults,
    stream: { name, path: name, apiVersion: stream.apiVersion, url: '', derived: false },
    runStartedAt: runStartedAt.getTime(),
    ingestedAt: runStartedAt.getTime(),
  };
  return async (row) =>
    checker.check(await mapping.evaluate(drop(row), bindings), {
      origin: { integration: feed.name, stream: name, page: 1, row: 1 },
      uid: 'one',
      defaultTimeMs: runStartedAt.getTime(),
      loggedTimeMs: runStartedAt.getTime(),
      processedTimeMs: runStartedAt.getTime(),
      correlationUid: 'test',
      product: feed.product,
      eventCode: stream.eventCode,
      labels: [],
    });
}

/** What the engine computes for a stream from the rows of another; `undefined` if it cannot. */
export async function derive(
  feed: Descriptor,
  name: string,
  rows: readonly JsonObject[],
  connection: typeof defaults,
): Promise<unknown[] | undefined> {
  const { derive: how } = streamOf(feed, name);
  if (how === undefined) throw new Error(`${name} is not derived`);
  const record = how.record === undefined ? undefined : loadMapping(how.record, name);
  const bindings = { connection, runStartedAt: runStartedAt.getTime() };
  const derivation = createDerivation(how, {
    stream: name,
    connection,
    runStartedAt,
    evaluateRecord: record && (async (input, more) => await record.evaluate(input, { ...bindings, ...more })),
    evaluateStep: undefined,
  });
  if (derivation === undefined) return undefined;
  for (const row of rows) await derivation.add(row);
  return derivation.records();
}

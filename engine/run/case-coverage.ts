import type { Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import { readSourceShape } from '../descriptor/source-shape.ts';
import { EngineError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import {
  coverageOf,
  eachPartOnce,
  type Judged,
  judgeMapping,
  percentOf,
  type SeenRow,
  type SourceOfFields,
  type Tally,
} from '../mapping/coverage/mapping-coverage.ts';
import { ownFile } from '../mapping/joined-text.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { findCases, readCaseInput } from './case-folders.ts';
import { caseRowsSeen } from './case-output.ts';
import { afterDrop } from './check-mappings.ts';
import { classOf, variantsOf } from './dispatch.ts';
import { findIntegrations, type Integration, loadIntegration } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import type { CoverageRequest, IntegrationCoverage } from './requests.ts';

type Covered = IntegrationCoverage['mappings'][number];

/**
 * Tells what of the mappings of each integration no golden case exercises. Rows are evaluated with the interpreter, some
 * hundred times slower than in a run. A case that cannot be read exercises nothing: `runCases` tells what is wrong with it.
 */
export async function coverCases({ places, integrations }: CoverageRequest): Promise<IntegrationCoverage[]> {
  const names = integrations ?? [...(await findIntegrations(places)).keys()];
  const covered: IntegrationCoverage[] = [];
  for (const name of names) {
    const integration = await loadIntegration(places, name);
    const { locate } = await readFolder(integration.folder, places.schemasDir);
    covered.push(await coverIntegration(integration, places.schemasDir, locate));
  }
  return covered;
}

async function coverIntegration(
  integration: Integration,
  schemasDir: string,
  locate: Locate,
): Promise<IntegrationCoverage> {
  const { name, streams, cases } = integration.descriptor;
  const rows = await rowsByStream(integration, schemasDir);
  const judged: JudgedText[] = [];
  const variants = streams.flatMap((stream) => variantsOf(stream).map((variant) => ({ stream, variant })));
  const textOf = ({ mapping, shared }: Stream) => JSON.stringify([mapping, shared]);
  for (const text of new Set(variants.map(({ variant }) => textOf(variant)))) {
    const using = variants.filter(({ variant }) => textOf(variant) === text);
    const sharing = using.map(({ variant }) => variant);
    const source = await fieldsOf(integration, sharing, schemasDir, locate);
    const seen = using.flatMap(({ stream, variant }) => rowsOfClass(stream, variant, rows.get(stream) ?? []));
    judged.push(...(await judgedText(integration.folder, sharing, seen, source)));
  }
  const mappings = coveredFiles(judged);
  const whole = sum(mappings);
  const percent = percentOf(whole);
  const floor = cases.coverage;
  const issues = floor === undefined || percent >= floor ? [] : [tooLow(percent, floor, locate)];
  return { integration: name, ...whole, percent, ...(floor === undefined ? {} : { floor }), mappings, issues };
}

/** Of a stream with several classes, the rows that its table gives to one of them. What a mapping declines is not followed. */
function rowsOfClass({ dispatch }: Stream, { ocsf }: Stream, rows: readonly SeenRow[]): readonly SeenRow[] {
  if (dispatch === undefined) return rows;
  return rows.filter(({ row }) => classOf(dispatch, row) === ocsf.class || ocsf.class === dispatch.otherwise);
}

async function rowsByStream(
  integration: Integration,
  schemasDir: string,
): Promise<ReadonlyMap<Stream, readonly SeenRow[]>> {
  const rows = new Map<Stream, SeenRow[]>();
  for (const { stream, folder } of await findCases(integration)) {
    rows.set(stream, [...(rows.get(stream) ?? []), ...(await rowsOf(integration, stream, folder, schemasDir))]);
  }
  return rows;
}

async function rowsOf(
  integration: Integration,
  stream: Stream,
  folder: string,
  schemasDir: string,
): Promise<SeenRow[]> {
  try {
    return await caseRowsSeen(integration, stream, await readCaseInput(folder), schemasDir);
  } catch (cause) {
    if (cause instanceof EngineError || cause instanceof MappingFailure) return [];
    throw cause;
  }
}

/** Of streams that share a mapping, the first with a declared shape tells the fields. */
async function fieldsOf(
  { folder }: Integration,
  streams: readonly Stream[],
  schemasDir: string,
  locateWritten: Locate,
): Promise<SourceOfFields> {
  for (const stream of streams) {
    const { shape, locate } = await readSourceShape(folder, stream, schemasDir, locateWritten);
    if (shape !== undefined) return { shape: afterDrop(shape, stream), locate };
  }
  return undefined;
}

/** What the cases exercise of one mapping, and of what it uses of a shared file. */
type JudgedText = {
  readonly streams: readonly string[];
  readonly file: string;
  readonly shared: string | undefined;
  readonly judged: readonly Judged[];
};

async function judgedText(
  folder: string,
  streams: readonly Stream[],
  rows: readonly SeenRow[],
  source: SourceOfFields,
): Promise<JudgedText[]> {
  const [stream] = streams;
  if (stream === undefined) return [];
  try {
    const { text, file } = await readStreamMapping(folder, stream);
    const shared = typeof file === 'string' ? undefined : file.shared;
    const judged = await judgeMapping(text, file, rows, source);
    return [{ streams: streams.map(({ name }) => name), file: ownFile(file), shared, judged }];
  } catch (cause) {
    if (cause instanceof MappingFailure) return [];
    throw cause;
  }
}

/** Each mapping as far as it is its own; then each shared file, over all the mappings that use it. */
function coveredFiles(judged: readonly JudgedText[]): Covered[] {
  const own = judged.map(({ streams, file, shared, judged: parts }) =>
    covered(
      streams,
      file,
      parts.filter(({ gap }) => gap.at.file !== shared),
    ),
  );
  const sharedFiles = new Set(judged.flatMap(({ shared }) => (shared === undefined ? [] : [shared])));
  const ofShared = [...sharedFiles].map((file) => {
    const using = judged.filter(({ shared }) => shared === file);
    const parts = using.flatMap((text) => text.judged.filter(({ gap }) => gap.at.file === file));
    return covered([...new Set(using.flatMap(({ streams }) => streams))], file, eachPartOnce(parts));
  });
  return [...own, ...ofShared];
}

function covered(streams: readonly string[], file: string, parts: readonly Judged[]): Covered {
  const coverage = coverageOf(parts);
  return { streams, file, percent: percentOf(coverage), ...coverage };
}

function sum(tallies: readonly Tally[]): Tally {
  return {
    exercised: tallies.reduce((total, { exercised }) => total + exercised, 0),
    total: tallies.reduce((whole, { total }) => whole + total, 0),
  };
}

function tooLow(percent: number, floor: number, locate: Locate): Issue {
  return {
    code: 'case/low-coverage',
    severity: 'error',
    message: `The cases exercise ${percent} % of the mappings; ${floor} % are asked for.`,
    hint: 'Add cases for what is listed above, or ask for less.',
    at: locate('/cases/coverage'),
    pointer: '/cases/coverage',
  };
}

import { basename, join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import type { KnownTo } from '../descriptor/salvage.ts';
import { readText } from '../descriptor/yaml-file.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { checkSyntax } from '../mapping/check-syntax.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { checkCases } from './check-cases/check-cases.ts';
import { checkErrorPointers } from './check-error-pointers.ts';
import { checkFiles, hasMappingFiles } from './check-files.ts';
import { checkStreamMapping } from './check-mappings.ts';
import { checkPermissions } from './check-permissions.ts';
import { readSandboxFile, sandboxIssues } from './check-sandbox.ts';
import { checkShared, toldOnce } from './check-shared.ts';
import { checkSources, readRowShapes, type RowShapes } from './check-sources.ts';
import { type FeedFiles, readFeedFiles } from './feed-files.ts';
import { variantsOf } from './dispatch.ts';
import { findIntegration } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import { ownedUp } from './owned-up.ts';
import type { Validation } from './requests.ts';
import { requireClass } from './require-class.ts';
import type { Places } from './run-request.ts';

/**
 * Checks descriptor, error catalogue, permissions, mappings, derivations, cases and sandbox of one integration, without
 * network. A mistake hides no other: each check is made on what `descriptor/salvage.ts` says that it can rely on.
 * Gives the issues by file, line and column.
 */
export async function validateIntegration(places: Places, nameOrFolder: string): Promise<Validation> {
  const folder = await findIntegration(places, nameOrFolder);
  const { schemasDir, openTexts } = places;
  const { knownTo, errorsFile, issues, locate, checkFurther } = await readFolder(folder, schemasDir, openTexts);
  const sandboxFile = await readSandboxFile(folder, openTexts);
  const files = await readFeedFiles(folder, openTexts);
  const shapes = await readRowShapes(folder, knownTo, locate, places);
  const found = await Promise.all([
    checkFurther(files.expressions),
    checkPermissions(knownTo, locate, schemasDir),
    checkCases(knownTo, files, locate),
    mappingIssues(knownTo, files, shapes, locate, places),
    checkShared(folder, knownTo('sharedBindings')?.streams ?? [], openTexts),
    ...derivationIssues(knownTo, files, locate, places),
    checkSources(folder, knownTo, shapes, locate),
    ...(sandboxFile === undefined ? [] : [sandboxIssues(sandboxFile, schemasDir)]),
  ]);
  const catalogue = knownTo('errorPointers');
  const atOnce = [
    ...issues,
    ...checkFiles(knownTo, files, locate),
    ...(catalogue === undefined ? [] : checkErrorPointers(catalogue, errorsFile, sandboxFile)),
  ];
  return {
    integration: basename(folder),
    folder,
    issues: [...atOnce, ...found.flat()].sort(byPlace),
    ownedUp: ownedUp(knownTo('ownedUp')?.streams ?? []),
  };
}

function byPlace({ at: one }: Issue, { at: other }: Issue): number {
  const byFile = (one?.file ?? '').localeCompare(other?.file ?? '', 'en');
  return byFile || (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

async function mappingIssues(
  knownTo: KnownTo,
  files: FeedFiles,
  { rows }: RowShapes,
  locate: Locate,
  places: Places,
): Promise<readonly Issue[]> {
  const { folder } = files;
  const descriptor = knownTo('typedMappings');
  const mapped = (descriptor?.streams ?? [])
    .flatMap(variantsOf)
    .filter((stream) => stream.ocsf.class !== '' && hasMappingFiles(stream, files));
  const others = files.mappings.filter((name) => !mapped.some(({ mapping }) => mapping === name));
  const found = await Promise.all([
    ...distinct(mapped, rows).map(async (stream) => {
      const unusable = await issuesOf(() => checkUsable(folder, stream, locate, places));
      if (unusable.length > 0 || descriptor === undefined) return unusable;
      return checkStreamMapping({ folder, descriptor }, stream, rows.get(stream.name), places);
    }),
    // Of no class that is known: they must parse all the same.
    ...others.map((name) => fileIssues(join(folder, 'mappings', name), places)),
  ]);
  return toldOnce(found, folder, mapped);
}

/** Streams that share a mapping, and all that it is typed against, share its faults: the first of them stands for all. */
function distinct(streams: readonly Stream[], rows: RowShapes['rows']): Stream[] {
  const first = new Map<string, Stream>();
  for (const stream of streams) {
    const key = JSON.stringify([stream.mapping, stream.shared, stream.ocsf, rows.get(stream.name)]);
    if (!first.has(key)) first.set(key, stream);
  }
  return [...first.values()];
}

/** Throws what would keep a run from using the stream's mapping and class. Nothing is compiled: no row is to be mapped. */
async function checkUsable(folder: string, stream: Stream, locate: Locate, places: Places): Promise<void> {
  const { text, file } = await readStreamMapping(folder, stream, places.openTexts);
  if (typeof file === 'string') checkSyntax(text, file); // both parts of a joined text have been parsed
  await requireClass(stream, locate, places.schemasDir);
}

function derivationIssues(
  knownTo: KnownTo,
  { folder, derivations }: FeedFiles,
  locate: Locate,
  places: Places,
): Promise<readonly Issue[]>[] {
  const streams = knownTo('derivationSteps')?.streams ?? [];
  return [
    ...derivations.map((name) => fileIssues(join(folder, 'derivations', name), places)),
    ...streams.map(async ({ name, derive }) => {
      if (derive?.kind !== 'fold') return [];
      // Quotes and folding stand between a place in the text and one in the file: the whole text is shown.
      const at = locate(`/streams/${name}/derive/step`);
      return (await syntaxIssues(derive.step, '')).map((issue) => ({ ...issue, at }));
    }),
  ];
}

async function fileIssues(path: string, { openTexts }: Places): Promise<readonly Issue[]> {
  const file = shortPath(path);
  const text = await readText(path, file, openTexts);
  return typeof text === 'string' ? syntaxIssues(text, file) : text.issues;
}

async function syntaxIssues(text: string, file: string): Promise<Issue[]> {
  return issuesOf(() => Promise.resolve().then(() => checkSyntax(text, file)));
}

async function issuesOf(work: () => Promise<unknown>): Promise<Issue[]> {
  try {
    await work();
    return [];
  } catch (cause) {
    if (cause instanceof MappingFailure) return [cause.issue];
    if (!(cause instanceof CannotRunError)) throw cause;
    const { code, message, hint, at } = cause;
    return [
      {
        code,
        severity: 'error',
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(at === undefined ? {} : { at }),
      },
    ];
  }
}

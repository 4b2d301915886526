import { basename, join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { checkSyntax } from '../mapping/check-syntax.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { checkCases } from './check-cases/check-cases.ts';
import { checkErrorPointers } from './check-error-pointers.ts';
import { checkFiles, hasMapping } from './check-files.ts';
import { checkStreamMapping } from './check-mappings.ts';
import { checkPermissions } from './check-permissions.ts';
import { readSandboxFile, sandboxIssues } from './check-sandbox.ts';
import { checkSources, readRowShapes, type RowShapes } from './check-sources.ts';
import { type FeedFiles, readFeedFiles } from './feed-files.ts';
import { variantsOf } from './dispatch.ts';
import { findIntegration, type Integration } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import { ownedUp } from './owned-up.ts';
import type { Validation } from './requests.ts';
import { requireClass } from './require-class.ts';
import type { Places } from './run-request.ts';

/** Checks descriptor, error catalogue, permissions, mappings, derivations and sandbox of one integration, without network. */
export async function validateIntegration(places: Places, nameOrFolder: string): Promise<Validation> {
  const folder = await findIntegration(places, nameOrFolder);
  const { schemasDir, openTexts } = places;
  const { descriptor, errorsFile, issues, locate, checkFurther } = await readFolder(folder, schemasDir, openTexts);
  const integration = basename(folder);
  const sandboxFile = await readSandboxFile(folder, openTexts);
  const ofSandbox = sandboxFile === undefined ? [] : await sandboxIssues(sandboxFile, schemasDir);
  if (descriptor === undefined) return { integration, folder, issues: [...issues, ...ofSandbox], ownedUp: [] };
  const files = await readFeedFiles(folder, openTexts);
  const shapes = await readRowShapes({ folder, descriptor }, locate, places);
  const [ofDescriptor, ofPermissions, ofCases, ...ofExpressions] = await Promise.all([
    checkFurther(files.expressions),
    checkPermissions(descriptor, locate, schemasDir),
    checkCases(descriptor, files, locate),
    ...mappingIssues({ folder, descriptor }, files, shapes, locate, places),
    ...derivationIssues({ folder, descriptor }, locate),
    checkSources({ folder, descriptor }, shapes, locate),
  ]);
  const all = [
    ...issues,
    ...ofDescriptor,
    ...ofPermissions,
    ...checkFiles(descriptor, files, locate),
    ...ofCases,
    ...checkErrorPointers(descriptor, errorsFile, sandboxFile),
    ...ofExpressions.flat(),
    ...ofSandbox,
  ];
  return { integration, folder, issues: all, ownedUp: ownedUp(descriptor) };
}

function mappingIssues(
  integration: Integration,
  files: FeedFiles,
  { rows }: RowShapes,
  locate: Locate,
  places: Places,
): Promise<Issue[]>[] {
  const mapped = integration.descriptor.streams
    .flatMap(variantsOf)
    .filter((stream) => stream.ocsf.class !== '' && hasMapping(stream, files));
  return distinct(mapped, rows).map(async (stream) => {
    const unusable = await issuesOf(() => checkUsable(integration, stream, locate, places));
    return unusable.length > 0 ? unusable : checkStreamMapping(integration, stream, rows.get(stream.name), places);
  });
}

/** Streams that share a mapping, and all that it is typed against, share its faults: the first of them stands for all. */
function distinct(streams: readonly Stream[], rows: RowShapes['rows']): Stream[] {
  const first = new Map<string, Stream>();
  for (const stream of streams) {
    const key = JSON.stringify([stream.mapping, stream.ocsf, rows.get(stream.name)]);
    if (!first.has(key)) first.set(key, stream);
  }
  return [...first.values()];
}

/** Throws what would keep a run from using the stream's mapping and class. Nothing is compiled: no row is to be mapped. */
async function checkUsable({ folder }: Integration, stream: Stream, locate: Locate, places: Places): Promise<void> {
  const { text, file } = await readStreamMapping(folder, stream, places.openTexts);
  checkSyntax(text, file);
  await requireClass(stream, locate, places.schemasDir);
}

function derivationIssues({ folder, descriptor }: Integration, locate: Locate): Promise<Issue[]>[] {
  return descriptor.streams.flatMap(({ name, derive }) => [
    syntaxIssues(derive?.record, shortPath(join(folder, 'derivations', `${name}.jsonata`))),
    // Quotes and folding stand between a place in the text and one in the file: the whole text is shown.
    syntaxIssues(derive?.kind === 'fold' ? derive.step : undefined, '').then((issues) =>
      issues.map((issue) => ({ ...issue, at: locate(`/streams/${name}/derive/step`) })),
    ),
  ]);
}

async function syntaxIssues(text: string | undefined, file: string): Promise<Issue[]> {
  return text === undefined ? [] : issuesOf(() => Promise.resolve().then(() => checkSyntax(text, file)));
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

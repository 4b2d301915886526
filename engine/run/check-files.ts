import { join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { didYouMean, didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { KnownTo } from '../descriptor/salvage.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { variantsOf } from './dispatch.ts';
import type { FeedFiles } from './feed-files.ts';
import { giveBindings } from './read-stream-mapping.ts';

/** Files that a descriptor needs and that are missing, and files that nothing of it needs. */
export function checkFiles(knownTo: KnownTo, files: FeedFiles, locate: Locate): Issue[] {
  const [missing, orphaned] = [knownTo('missingMappings'), knownTo('orphanedMappings')];
  const [derivations, cases] = [knownTo('orphanedDerivations'), knownTo('orphanedCases')];
  return [
    ...(missing === undefined ? [] : missingMappings(missing, orphaned, files, locate)),
    ...missingShared(knownTo('missingShared')?.streams ?? [], files, locate),
    ...(orphaned === undefined ? [] : orphanedMappings(orphaned, files)),
    ...(derivations === undefined ? [] : orphanedDerivations(derivations, files)),
    ...(cases === undefined ? [] : orphanedCases(cases, files, locate)),
  ];
}

/** Whether the stream's mapping, and what it shares with others, is there to be checked. */
export function hasMappingFiles({ mapping, shared = mapping }: Stream, files: FeedFiles): boolean {
  return files.mappings.includes(mapping) && files.mappings.includes(shared);
}

/** `whole` where it is known of every stream which mapping it uses. */
function missingMappings(
  descriptor: Descriptor,
  whole: Descriptor | undefined,
  files: FeedFiles,
  locate: Locate,
): Issue[] {
  const streams = descriptor.streams.flatMap(variantsOf);
  const unused = whole === undefined ? [] : unusedOf(files, whole.streams.flatMap(variantsOf));
  return streams
    .filter(({ ocsf, mapping }) => ocsf.class !== '' && !files.mappings.includes(mapping))
    .map(({ name, mapping }): Issue => {
      const pointer = `/streams/${name}/mapping`;
      return {
        code: 'descriptor/unknown-reference',
        severity: 'error',
        message: `The mapping of "${name}" is missing: ${shortPath(join(files.folder, 'mappings', mapping))}.`,
        hint: howToFill(mapping, unused),
        at: locate(pointer),
        pointer,
      };
    });
}

function howToFill(mapping: string, unused: readonly string[]): string {
  const meant = didYouMean(mapping, unused) ?? (unused.length === 1 ? unused[0] : undefined);
  return meant === undefined
    ? 'Write it: one JSONata expression that gives the OCSF record.'
    : `Is it mappings/${meant}, which no stream uses? Rename that file, or write "mapping: ${meant}".`;
}

/** Under `defaults`, one that is missing is told once. */
function missingShared(streams: readonly Stream[], files: FeedFiles, locate: Locate): Issue[] {
  const missing = streams.filter(({ shared }) => shared !== undefined && !files.mappings.includes(shared));
  const issues = missing.map(({ name, shared = '' }): Issue => {
    const pointer = `/streams/${name}/shared`;
    const meant = didYouMean(shared, files.mappings);
    return {
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `The shared file is missing: ${shortPath(join(files.folder, 'mappings', shared))}.`,
      hint: meant === undefined ? giveBindings : `Did you mean "${meant}"?`,
      at: locate(pointer),
      pointer,
    };
  });
  return [...new Map(issues.map((issue) => [JSON.stringify(issue.at), issue])).values()];
}

function unusedOf({ mappings }: FeedFiles, streams: readonly Stream[]): string[] {
  const used = new Set(streams.flatMap(({ mapping, shared }) => [mapping, shared]));
  return mappings.filter((file) => !used.has(file));
}

function orphanedMappings(descriptor: Descriptor, files: FeedFiles): Issue[] {
  const streams = descriptor.streams.flatMap(variantsOf);
  return unusedOf(files, streams).map((file) =>
    orphan(
      join(files.folder, 'mappings', file),
      `No stream uses the mapping ${file}.`,
      whereToName(
        file,
        streams.map(({ mapping }) => mapping),
      ),
    ),
  );
}

function whereToName(file: string, used: readonly string[]): string {
  const meant = didYouMean(file, used);
  return meant === undefined
    ? 'Name it as the "mapping" or the "shared" file of a stream, or delete it.'
    : `Did you mean "${meant}"?`;
}

function orphanedDerivations({ streams }: Descriptor, { derivations, folder }: FeedFiles): Issue[] {
  const derived = streams.filter(({ derive }) => derive !== undefined).map(({ name }) => `${name}.jsonata`);
  return derivations
    .filter((file) => !derived.includes(file))
    .map((file) => {
      const name = file.replace(/\.jsonata$/, '');
      const path = join(folder, 'derivations', file);
      return streams.some((stream) => stream.name === name)
        ? orphan(
            path,
            `"${name}" is not derived, so nothing uses ${file}.`,
            `Give the stream "derive", or delete the file.`,
          )
        : orphan(path, `There is no derived stream "${name}", so nothing uses ${file}.`, didYouMeanHint(file, derived));
    });
}

function orphan(path: string, message: string, hint: string): Issue {
  return {
    code: 'descriptor/unused-file',
    severity: 'warning',
    message,
    hint,
    at: { file: shortPath(path), line: 1, column: 1 },
  };
}

/** `sluice test` refuses to run with such a folder. */
function orphanedCases({ streams }: Descriptor, { caseFolders }: FeedFiles, locate: Locate): Issue[] {
  const names = streams.map(({ name }) => name);
  return caseFolders
    .filter((name) => !names.includes(name))
    .map((name) => ({
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `There is no stream "${name}", but the folder cases/${name} is for one.`,
      hint: didYouMeanHint(name, names),
      at: locate('', 'streams'),
      pointer: '/streams',
    }));
}

import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import type { OpenTexts } from '../descriptor/open-texts.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { positionAt } from '../mapping/check/place.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { type FileText, sharedBindings } from '../mapping/join-shared.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { variantsOf } from './dispatch.ts';
import { readSharedFile, readStreamMapping } from './read-stream-mapping.ts';

/** What the shared files of a feed bind and no mapping uses; nothing of a file where a text of one cannot be read. */
export async function checkShared(folder: string, streams: readonly Stream[], open?: OpenTexts): Promise<Issue[]> {
  const variants = streams.flatMap(variantsOf).filter(({ ocsf }) => ocsf.class !== '');
  const shared = new Set(variants.flatMap(({ shared: file }) => (file === undefined ? [] : [file])));
  const found = [...shared].map(async (file) => {
    const using = variants.filter((stream) => stream.shared === file);
    return unusedIn(folder, file, using, open).catch((cause: unknown) => {
      if (cause instanceof MappingFailure) return []; // told of the mapping
      throw cause;
    });
  });
  return (await Promise.all(found)).flat();
}

async function unusedIn(
  folder: string,
  name: string,
  using: readonly Stream[],
  open: OpenTexts | undefined,
): Promise<Issue[]> {
  const file = await readSharedFile(folder, name, open);
  const mappings = await Promise.all(using.map((stream) => readStreamMapping(folder, stream, open)));
  const used = new Set(mappings.flatMap((mapping) => [...mapping.used]));
  return sharedBindings(file).flatMap(({ name: bound, start }) =>
    used.has(bound) ? [] : [unused(bound, start, file)],
  );
}

function unused(name: string, start: number, { text, file }: FileText): Issue {
  return {
    code: 'mapping/unused-binding',
    severity: 'warning',
    message: `No mapping uses $${name}.`,
    hint: 'Use it, or delete it.',
    at: positionAt(text, start, file),
  };
}

/** A fault in a shared file shows in each mapping that uses it: the first of them tells it. */
export function toldOnce(
  ofMappings: readonly (readonly Issue[])[],
  folder: string,
  streams: readonly Stream[],
): Issue[] {
  const shared = streams.flatMap(({ shared: name }) => (name === undefined ? [] : [name]));
  const sharedFiles = new Set(shared.map((name) => shortPath(join(folder, 'mappings', name))));
  const teller = new Map<string, number>();
  return ofMappings.flatMap((issues, index) =>
    issues.filter(({ code, at }) => {
      if (at === undefined || !sharedFiles.has(at.file)) return true;
      const key = JSON.stringify([code, at.file, at.line, at.column]);
      const first = teller.get(key) ?? index;
      teller.set(key, first);
      return first === index;
    }),
  );
}

import type { Descriptor } from '../descriptor/descriptor.ts';
import { openText } from '../descriptor/open-texts.ts';
import { readDescriptor } from '../descriptor/read-descriptor.ts';
import type { Position } from '../diagnostics/issue.ts';
import type { Places } from '../run/run-request.ts';
import { type Completions, type Hover, noCompletions } from './answers.ts';
import { defineInMapping, defineInYaml } from './definition.ts';
import { type FeedFile, findFeedFile } from './feed-file.ts';
import { type MappingContext, mappingContext } from './mapping-context.ts';
import { completeMapping, hoverMapping } from './mapping-editor.ts';
import { completeYaml, hoverYaml, isYaml } from './yaml-editor.ts';

/** What an editor may ask about an open file of a feed. Offsets count UTF-16 units of the text that is open. */
export type FeedEditor = {
  readonly hover: (file: string, offset: number) => Promise<Hover | undefined>;
  readonly complete: (file: string, offset: number) => Promise<Completions>;
  /** Where what stands there is declared; the file is absolute. */
  readonly define: (file: string, offset: number) => Promise<Position | undefined>;
};

/** Answers from `places.openTexts` as they are when asked. A descriptor that is broken counts as it last was sound. */
export function openFeedEditor(places: Places): Promise<FeedEditor> {
  const lastSound = new Map<string, Descriptor>();

  async function contextOf(file: FeedFile): Promise<MappingContext | undefined> {
    const { descriptor } = await readDescriptor(file.folder, places.schemasDir, places.openTexts);
    if (descriptor !== undefined) lastSound.set(file.folder, descriptor);
    const known = descriptor ?? lastSound.get(file.folder);
    return known && mappingContext(file, known, places);
  }

  async function opened(path: string) {
    const file = await findFeedFile(path, places.openTexts);
    const text = openText(path, places.openTexts);
    return file === undefined || text === undefined ? undefined : { file, text };
  }

  return Promise.resolve({
    async hover(path, offset) {
      const found = await opened(path);
      if (found === undefined) return undefined;
      const { file, text } = found;
      if (isYaml(file)) return hoverYaml(text, offset, file, places);
      const context = isExpression(file) ? await contextOf(file) : undefined;
      return context && hoverMapping(text, offset, context, places);
    },
    async complete(path, offset) {
      const found = await opened(path);
      if (found === undefined) return noCompletions;
      const { file, text } = found;
      if (isYaml(file)) return completeYaml(text, offset, file, places);
      const context = isExpression(file) ? await contextOf(file) : undefined;
      return context === undefined ? noCompletions : completeMapping(text, offset, context, places);
    },
    async define(path, offset) {
      const found = await opened(path);
      if (found === undefined) return undefined;
      const { file, text } = found;
      if (isYaml(file)) return defineInYaml(text, offset, file, places);
      const context = isExpression(file) ? await contextOf(file) : undefined;
      return context && defineInMapping(text, offset, file, context, places);
    },
  });
}

function isExpression({ kind }: FeedFile): boolean {
  return kind === 'mapping' || kind === 'derivation';
}

import { answerOf } from './draft-paging.ts';
import type { FeedDraft, StreamDraft } from './feed-draft.ts';
import { writeDescriptor } from './write-descriptor.ts';
import { writeMapping } from './write-mapping.ts';
import { writeReadme } from './write-readme.ts';

/** Path inside the integration's folder → text, for every file but the expected records of the cases. */
export type FeedFiles = { readonly [path: string]: string };

/** `schemaRef` leads from the folder to the descriptor's schema; the schema of errors.yaml lies beside it. */
export function writeFeed(feed: FeedDraft, schemaRef: string): FeedFiles {
  return {
    'integration.yaml': writeDescriptor(feed, schemaRef),
    'errors.yaml': errorsText(schemaRef),
    ...Object.fromEntries(
      feed.streams.flatMap((stream): [string, string][] => [
        [`mappings/${stream.name}.jsonata`, writeMapping(stream)],
        [`sources/${stream.name}.schema.json`, sourceText(stream)],
        [
          `cases/${stream.name}/${stream.caseName}/source.json`,
          `${JSON.stringify(answerOf(stream.paging, stream.rows), null, 2)}\n`,
        ],
      ]),
    ),
    'README.md': writeReadme(feed),
  };
}

function sourceText({ source }: StreamDraft): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...source };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function errorsText(schemaRef: string): string {
  return `# yaml-language-server: $schema=${schemaRef.replace('descriptor.schema.json', 'errors.schema.json')}
# What goes wrong with this vendor, what it means, and what to do. FILL IN: where its error bodies hold code and message.
source:
  code: [/error/code, /code]
  message: [/error/message, /message]
  rules: # the first that fits decides; without one the status alone does
    - status: [403]
      means: denied
      message: The credentials may not read this list.
      hint: Grant what the stream {stream} needs, then run again.
`;
}

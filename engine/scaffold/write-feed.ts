import { inlineYaml } from '../descriptor/inline-yaml.ts';
import type { JsonObject } from '../records.ts';
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
    'errors.yaml': errorsText(schemaRef, feed),
    ...Object.fromEntries(
      feed.streams.flatMap((stream): [string, string][] => [
        [`mappings/${stream.name}.jsonata`, writeMapping(stream)],
        [`sources/${stream.name}.schema.json`, sourceText(stream)],
        [
          `cases/${stream.name}/${stream.caseName}/source.json`,
          `${JSON.stringify(stream.answer ?? answerOf(stream.paging, stream.rows), null, 2)}\n`,
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

function failedWhenText(errors: FeedDraft['errors']): string {
  const signs = errors?.failedWhen ?? [];
  return signs.length === 0 ? '' : `  failedWhen: ${inlineYaml([...signs])}\n`;
}

const deniedRule: JsonObject = {
  status: [403],
  means: 'denied',
  message: 'The credentials may not read this list.',
  hint: 'Grant what the stream {stream} needs, then run again.',
};

function ruleText(rule: JsonObject): string {
  const lines = Object.entries(rule).map(([key, value]) => `${key}: ${inlineYaml(value)}`);
  return lines.map((line, index) => `    ${index === 0 ? '-' : ' '} ${line}`).join('\n');
}

function errorsText(schemaRef: string, { errors }: FeedDraft): string {
  const code = errors === undefined || errors.code.length === 0 ? ['/error/code', '/code'] : errors.code;
  const message = errors === undefined || errors.message.length === 0 ? ['/error/message', '/message'] : errors.message;
  const rules = errors?.rules ?? [];
  const isDeniedTold = rules.some(({ status }) => Array.isArray(status) && status.includes(403));
  return `# yaml-language-server: $schema=${schemaRef.replace('descriptor.schema.json', 'errors.schema.json')}
# What goes wrong with this vendor, what it means, and what to do. FILL IN: where its error bodies hold code and message.
source:
${failedWhenText(errors)}  code: ${inlineYaml([...code])}
  message: ${inlineYaml([...message])}
  rules: # the first that fits decides; without one the status alone does
${[...rules, ...(isDeniedTold ? [] : [deniedRule])].map(ruleText).join('\n')}
`;
}

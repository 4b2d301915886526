import type { JsonObject, JsonValue } from '../../records.ts';
import type { PagingDraft, SourceShape } from '../feed-draft.ts';
import { asList, asObject } from '../kinds.ts';
import { findAuth, type FoundAuth, scopesOf } from './find-auth.ts';
import { findPaging, pageSizeOf, type QueryParameter, valueOf } from './find-paging.ts';
import { guessClass } from './guess-class.ts';
import { type ListAnswer, listAnswer } from './list-answer.ts';
import type { OpenDocument } from './open-document.ts';
import { sourceShape } from './source-shape.ts';

/** A stream that the document lets one read, and on what grounds. */
export type StreamProposal = {
  /** `GET /people` */
  readonly operation: string;
  readonly operationId?: string;
  readonly stream: string;
  readonly summary: string;
  /** With its fixed query. */
  readonly path: string;
  readonly paging: Omit<PagingDraft, 'meaning'>;
  readonly permissions: readonly string[];
  readonly primaryKey: readonly string[];
  readonly ocsfClass: string;
  readonly source: SourceShape;
  /** What each choice was made by. */
  readonly why: readonly string[];
  /** What the document did not tell, or not surely. */
  readonly unsure: readonly string[];
};

/** The operations that answer lists, in the order of the document, and the GET operations that do not, with the reason. */
export type Proposals = {
  readonly streams: readonly StreamProposal[];
  readonly passedOver: readonly { readonly operation: string; readonly why: string }[];
};

export function proposeStreams(document: OpenDocument): Proposals {
  const streams: StreamProposal[] = [];
  const passedOver: { operation: string; why: string }[] = [];
  for (const [path, item] of Object.entries(asObject(document.root.paths))) {
    const resolved = document.resolve(item);
    const operation = document.resolve(resolved.get);
    if (resolved.get === undefined) continue;
    const name = `GET ${path}`;
    const parameters = parametersOf(document, resolved, operation);
    const answer = listAnswer(document, operation, path);
    const why = reasonToPass(path, answer);
    if (answer === undefined || why !== undefined) passedOver.push({ operation: name, why: why ?? notAList });
    else
      streams.push(
        propose(
          document,
          { path, operation, parameters, answer },
          streams.map(({ stream }) => stream),
        ),
      );
  }
  return { streams, passedOver };
}

/** How the operations of some proposals are authorised. */
export function authOfStreams(
  document: OpenDocument,
  proposals: readonly StreamProposal[],
  server: string | undefined,
): FoundAuth {
  const operations = proposals.map(({ operation }) => {
    const item = document.resolve(asObject(document.root.paths)[operation.replace(/^GET /, '')]);
    return document.resolve(item.get);
  });
  return findAuth(document, operations, server);
}

const notAList = 'it answers no list of objects as JSON';

function reasonToPass(path: string, answer: ListAnswer | undefined): string | undefined {
  if (answer === undefined) return notAList;
  const [, needed] = /\{([^}]+)\}/.exec(path) ?? [];
  return needed === undefined ? undefined : `its path needs a value for {${needed}}`;
}

function parametersOf(document: OpenDocument, item: JsonObject, operation: JsonObject): QueryParameter[] {
  const all = [...asList(item.parameters), ...asList(operation.parameters)].map((one) => document.resolve(one));
  return all.flatMap((parameter) =>
    parameter.in !== 'query' || typeof parameter.name !== 'string'
      ? []
      : [
          {
            name: parameter.name,
            isRequired: parameter.required === true,
            schema: { ...document.resolve(parameter.schema), ...exampleOf(parameter) },
          },
        ],
  );
}

function exampleOf({ example }: JsonObject): JsonObject {
  return example === undefined ? {} : { example };
}

type Listed = {
  readonly path: string;
  readonly operation: JsonObject;
  readonly parameters: readonly QueryParameter[];
  readonly answer: ListAnswer;
};

function propose(document: OpenDocument, listed: Listed, taken: readonly string[]): StreamProposal {
  const { path, operation, parameters, answer } = listed;
  const paging = findPaging(parameters, answer);
  const source = sourceShape(document, answer.row);
  const primaryKey = keyOf(source, path);
  const fixed = fixedQuery(parameters, paging.uses);
  const stream = streamName(path, operation, taken);
  const guess = guessClass(stream, source);
  return {
    operation: `GET ${path}`,
    ...(typeof operation.operationId === 'string' && { operationId: operation.operationId }),
    stream,
    summary: summaryOf(operation) ?? `FILL IN: what one row of ${stream} is.`,
    path: braceless(path) + (fixed.query.length === 0 ? '' : `?${fixed.query.join('&')}`),
    paging: { block: paging.block, rowsAt: answer.rowsAt, beside: paging.beside },
    permissions: scopesOf(document, operation),
    primaryKey,
    ocsfClass: guess.name,
    source,
    why: [
      `rows: ${answer.rowsAt === '' ? 'the answer is an array' : `${answer.rowsAt} is an array of objects`}`,
      `paging: ${paging.why}`,
      `class: ${guess.why}`,
    ],
    unsure: [
      ...paging.unsure,
      ...fixed.unsure,
      ...guess.unsure,
      ...(answer.others.length === 0
        ? []
        : [`whether the rows are at ${answer.rowsAt} or at ${answer.others.join(', ')}`]),
      ...(primaryKey.length === 0 ? ['which field makes a row unique'] : []),
      ...(Object.keys(source.properties).length === 0 ? ['what fields a row has'] : []),
      ...(operation.deprecated === true ? ['how long it will be served: the document calls it deprecated'] : []),
    ],
  };
}

/** The id of the row: by its usual names, or by the name of the list. */
function keyOf({ properties }: SourceShape, path: string): string[] {
  const last = path.split('/').at(-1) ?? '';
  const singular = last.replace(/ies$/, 'y').replace(/s$/, '').toLowerCase();
  const words = ['id', 'uid', 'uuid', 'guid', `${singular}id`];
  const isPlain = (name: string) => properties[name]?.type === 'string' || properties[name]?.type === 'integer';
  const plain = Object.keys(properties).filter(isPlain);
  const found = words.map((word) => plain.find((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '') === word));
  return found.filter((name) => name !== undefined).slice(0, 1);
}

/** What stands in the path for good: the largest page there is, and what must be given. */
function fixedQuery(
  parameters: readonly QueryParameter[],
  uses: readonly string[],
): { query: string[]; unsure: string[] } {
  const query: string[] = [];
  const unsure: string[] = [];
  for (const parameter of parameters.filter(({ name }) => !uses.includes(name))) {
    const isSize = /^(limit|page_?size|per_?page|max_?results|top|\$top)$/i.test(parameter.name);
    const size = isSize ? pageSizeOf(parameter) : undefined;
    if (size !== undefined) query.push(pair(parameter.name, size));
    else if (parameter.isRequired) {
      const value = valueOf(parameter);
      query.push(pair(parameter.name, value ?? 'fill-in'));
      unsure.push(
        value === undefined
          ? `what ${parameter.name} must be, which has to be given: "fill-in" stands there`
          : `whether ${parameter.name} is to be ${JSON.stringify(value)}, which has to be given`,
      );
    }
  }
  return { query, unsure };
}

function pair(name: string, value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${name}=${encodeURIComponent(text)}`;
}

/** A brace would be a placeholder of the descriptor. */
function braceless(path: string): string {
  return path.replaceAll('{', '%7B').replaceAll('}', '%7D');
}

/** By the last words of the path; a list of the same name gets more of them, then a number. */
function streamName(path: string, { operationId }: JsonObject, taken: readonly string[]): string {
  const words = path.split('/').filter((word) => word !== '' && !/^v\d/.test(word));
  const names = [
    kebab(words.at(-1) ?? ''),
    kebab(words.slice(-2).join('-')),
    kebab(typeof operationId === 'string' ? operationId : ''),
    kebab(words.join('-')),
  ];
  const free = names.find((name) => name !== '' && !taken.includes(name));
  if (free !== undefined) return free;
  const base = names.find((name) => name !== '') ?? 'stream';
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** auditEvents.list → audit-events-list */
function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}

/** The first sentence that the document has for it. */
function summaryOf({ summary, description }: JsonObject): string | undefined {
  const text = [summary, description].find((one) => typeof one === 'string' && one.trim() !== '');
  if (typeof text !== 'string') return undefined;
  const [sentence = ''] = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=\.) /);
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence;
}

import type { JsonObject } from '../../records.ts';
import { draftAuth } from '../draft-auth.ts';
import { type FeedAnswers, titleOf } from '../draft-feed.ts';
import type { FeedDraft } from '../feed-draft.ts';
import { asList, asObject, type Kind } from '../kinds.ts';
import type { LaidOutClass } from '../laid-out-class.ts';
import { sampleRows } from '../sample-row.ts';
import { scopeMeaning } from './find-auth.ts';
import type { OpenDocument } from './open-document.ts';
import { authOfStreams, type StreamProposal } from './propose-streams.ts';

export type ApiKinds = {
  readonly auth: readonly Kind[];
  readonly pagination: readonly Kind[];
  readonly schema: JsonObject;
};

/** A feed of the streams taken from an OpenAPI document. `classOf` gives each stream's class, laid out. */
export function draftApi(
  document: OpenDocument,
  { name, answers, file, auth }: { name: string; answers: FeedAnswers; file: string; auth?: string | undefined },
  proposals: readonly StreamProposal[],
  kinds: ApiKinds,
  classOf: (proposal: StreamProposal) => LaidOutClass,
): FeedDraft {
  const info = asObject(document.root.info);
  const server = serverUrl(document);
  const foundAuth = authOfStreams(document, proposals, server);
  const authKind = kinds.auth.find(({ kind }) => kind === (auth ?? foundAuth.kind)) ?? kinds.auth[0];
  if (authKind === undefined) throw new Error('The descriptor language has no kind of auth.');
  const title = typeof info.title === 'string' && info.title.trim() !== '' ? info.title.trim() : titleOf(name);
  const vendorName = answers.vendor ?? (textOf(asObject(info.contact).name) || titleOf(name));
  const limit = rateLimitOf(document);
  const scopes = [...new Set(proposals.flatMap(({ permissions }) => permissions))];
  return {
    name,
    title: answers.product ?? title,
    summary: `The ${proposals.map(({ stream }) => stream.replaceAll('-', ' ')).join(', ')} of ${answers.product ?? title}.`,
    vendorName,
    productName: answers.product ?? title,
    ocsfVersion: proposals[0] === undefined ? '1.5.0' : classOf(proposals[0]).version,
    baseUrl: answers.baseUrl ?? server ?? `https://api.${name}.example`,
    auth: draftAuth(authKind, kinds.schema, `${name}.example`, auth === undefined ? foundAuth.facts : {}),
    permissions: Object.fromEntries(
      scopes.map((scope) => [scope, scopeMeaning(document, scope) ?? 'FILL IN: what it opens.']),
    ),
    ...(limit !== undefined && { rateLimit: limit.rateLimit }),
    links: linksOf(document),
    streams: proposals.map((proposal) => ({
      name: proposal.stream,
      summary: proposal.summary,
      path: proposal.path,
      paging: {
        ...proposal.paging,
        meaning: kinds.pagination.find(({ kind }) => kind === proposal.paging.block.kind)?.meaning ?? '',
      },
      permissions: proposal.permissions,
      primaryKey: proposal.primaryKey,
      ocsfClass: classOf(proposal),
      source: proposal.source,
      rows: sampleRows(proposal.source),
      caseName: 'whole-and-sparse',
    })),
    origin: `${file.split(/[\\/]/).at(-1) ?? file} (${title}${textOf(info.version) === '' ? '' : ` ${textOf(info.version)}`})`,
    notes: [
      ...(server === undefined && answers.baseUrl === undefined
        ? ['Base URL: the document names no https address; the one in integration.yaml is invented.']
        : []),
      ...(auth === undefined
        ? [
            `Auth: ${foundAuth.kind}, by ${foundAuth.why}.`,
            ...foundAuth.unsure.map((what) => `Auth: not sure ${told(what)}.`),
          ]
        : []),
      ...(limit === undefined
        ? ['Rate limit: the document tells none.']
        : [`Rate limit: by the words "${limit.words}".`]),
      ...(document.unresolved.size === 0
        ? []
        : [
            `References that lead out of the document, nowhere or in a circle were not followed: ${[...document.unresolved].join(', ')}.`,
          ]),
      ...proposals.flatMap(({ stream, unsure }) => unsure.map((what) => `${stream}: not sure ${told(what)}.`)),
    ],
  };
}

/** What is not known begins with a question word; a finding stands by itself. */
function told(what: string): string {
  return /^(whether|which|what|how|for how)\b/.test(what) ? what : `of this: ${what}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** The first https address, its variables filled with their defaults, without a slash at the end. */
function serverUrl({ root }: OpenDocument): string | undefined {
  const addresses = asList(root.servers).map((one) => {
    const { url, variables } = asObject(one);
    return textOf(url).replace(
      /\{([^}]+)\}/g,
      (whole, name: string) => textOf(asObject(asObject(variables)[name]).default) || whole,
    );
  });
  return addresses
    .filter((text) => !text.includes('{') && URL.canParse(text))
    .map((text) => new URL(text))
    .filter(
      ({ protocol, search, hash, username }) =>
        protocol === 'https:' && search === '' && hash === '' && username === '',
    )
    .map(({ href }) => href.replace(/\/+$/, ''))[0];
}

function linksOf({ root }: OpenDocument): { title: string; url: string }[] {
  const { url, description } = asObject(root.externalDocs);
  const address = textOf(url);
  return address.startsWith('https://')
    ? [{ title: textOf(description).split('\n')[0] || 'API documentation', url: address }]
    : [];
}

const seconds: { readonly [unit: string]: number } = { second: 1, minute: 60, hour: 3600 };

/** A budget told in words, such as "600 requests per minute". */
function rateLimitOf({
  root,
}: OpenDocument): { rateLimit: { requests: number; perSeconds: number }; words: string } | undefined {
  const text = textOf(asObject(root.info).description);
  const told =
    /\b(\d[\d,]*) (?:API )?(?:requests|calls) (?:per|every|each|in|\/) ?(\d+ )?(second|minute|hour)s?\b/i.exec(text);
  const requests = Number(told?.[1]?.replaceAll(',', ''));
  const perSeconds = Number(told?.[2] ?? 1) * (seconds[told?.[3]?.toLowerCase() ?? ''] ?? 0);
  return told === null || requests < 1 || perSeconds < 1
    ? undefined
    : { rateLimit: { requests, perSeconds }, words: told[0] };
}

import type { JsonObject } from '../records.ts';
import { draftAuth } from './draft-auth.ts';
import { draftPaging } from './draft-paging.ts';
import type { FeedDraft } from './feed-draft.ts';
import type { Kind } from './kinds.ts';
import type { LaidOutClass } from './laid-out-class.ts';
import { plainCase, plainRows, plainSource } from './plain-source.ts';

/** What the author has said of a new integration; what is left out is invented. */
export type FeedAnswers = {
  readonly vendor?: string;
  readonly product?: string;
  /** https, without a query. */
  readonly baseUrl?: string;
  readonly stream?: string;
  readonly path?: string;
};

export type FeedKinds = {
  readonly auth: Kind;
  readonly pagination: Kind;
  /** `schemas/descriptor.schema.json`, to fill the blocks of kinds from. */
  readonly schema: JsonObject;
};

/** A feed of one stream, of a vendor of whom nothing is known but what the author says. */
export function draftFeed(name: string, answers: FeedAnswers, kinds: FeedKinds, ocsfClass: LaidOutClass): FeedDraft {
  const vendorName = answers.vendor ?? titleOf(name);
  const productName = answers.product ?? vendorName;
  const stream = answers.stream ?? 'people';
  const host = `${name}.example`;
  const path = answers.path ?? `/${stream}`;
  return {
    name,
    title: productName,
    summary: `The ${stream.replaceAll('-', ' ')} of ${productName}.`,
    vendorName,
    productName,
    ocsfVersion: ocsfClass.version,
    baseUrl: answers.baseUrl ?? `https://api.${host}`,
    auth: draftAuth(kinds.auth, kinds.schema, host),
    permissions: {},
    links: [],
    streams: [
      {
        name: stream,
        summary: `FILL IN: what one row of ${stream} is.`,
        path: path.startsWith('/') ? path : `/${path}`,
        paging: draftPaging(kinds.pagination, kinds.schema),
        permissions: [],
        primaryKey: ['id'],
        ocsfClass,
        source: plainSource,
        rows: plainRows,
        caseName: plainCase,
      },
    ],
    notes: [],
  };
}

/** acme-directory → Acme Directory */
export function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

import type { Call } from './call.ts';
import type { FetchedPage, Position } from './reading.ts';
import { hydrated } from './hydrate.ts';
import { walkJob } from './walk-job.ts';
import { type Walk, walkPages } from './walk-pages.ts';

/** A page of one list; where the list goes on is plain JSON, whose `url` is the address of the next page if it has one. */
export type WalkedPage = FetchedPage & { readonly next?: Position };

/** The pages of one list, however the source serves it: page by page, as a job's chunks, or as ids whose records follow. */
export function walkList(start: Call, walk: Walk, from?: Position): AsyncGenerator<WalkedPage, void, void> {
  if (walk.hydrate !== undefined) return hydrated(listOf, start, walk, walk.hydrate, from);
  return listOf(start, walk, from);
}

/** The list itself, before its ids become records. */
function listOf(start: Call, walk: Walk, from?: Position): AsyncGenerator<WalkedPage, void, void> {
  const { pagination } = walk;
  return pagination.kind === 'job' ? walkJob(start, walk, pagination, from) : walkPages(start, walk, from);
}

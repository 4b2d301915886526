import type { JsonObject } from '../../records.ts';
import { fillIn, filled } from '../imported.ts';
import { pointerTo } from '../../json-pointer.ts';
import { inside, isThere, itemsOf, lost, numberOf, pass, type Place, textOf } from '../place.ts';
import type { Scope } from './jinja.ts';
import { pointerOfExtractor } from './read-records.ts';
import { readRequester } from './read-requester.ts';

/** The job of an AsyncRetriever, with whole addresses as its paths. The retriever's creation request is the stream's own. */
export function readJob(place: Place, scope: Scope): { readonly kind: string } & JsonObject {
  let id: string | undefined;
  const inJob: Scope = {
    ...scope,
    job: (root, steps) => {
      if (root === 'download_target') return '{chunk}';
      if (root !== 'creation_response' || steps.length === 0) return undefined;
      const pointer = pointerTo(steps);
      id ??= pointer;
      return pointer === id ? '{job}' : undefined;
    },
  };
  const asked = (key: string): JsonObject => requestOf(inside(place, key), inJob);
  const status = asked('polling_requester');
  const target = inside(place, 'download_target_extractor');
  if (!isThere(target)) {
    lost(
      place,
      'A job whose result is a single answer has no equivalent: its status must name the chunks.',
      'Give status.chunks, the JSON Pointer to their ids.',
    );
  }
  const chunk = asked('download_requester');
  if (typeof chunk.path === 'string' && chunk.path.startsWith('{chunk}')) {
    lost(
      inside(place, 'download_requester'),
      'Chunks that are whole addresses have no equivalent: they are asked for by their ids, under baseUrl.',
      'Give chunk.path with {job} and {chunk}.',
    );
    chunk.path = `/${fillIn}`;
  }
  for (const key of ['download_target_requester', 'delete_requester', 'url_requester']) {
    const own = inside(place, key);
    if (isThere(own))
      lost(own, `"${key}" has no equivalent: a job is created, polled, fetched in chunks, and cancelled.`);
  }
  const paginator = inside(place, 'download_paginator');
  if (isThere(paginator) && textOf(inside(paginator, 'type')) !== 'NoPagination')
    lost(paginator, 'Chunks that have pages of their own have no equivalent.');
  const words = inside(place, 'status_mapping');
  const ofState = (key: string) => itemsOf(inside(words, key)).map((one) => textOf(one) ?? '');
  pass(words, 'running', 'ignore');
  const minutes = inside(place, 'polling_job_timeout');
  const timeout = numberOf(minutes);
  if (isThere(minutes) && timeout === undefined) lost(minutes, 'A timeout that is computed has no equivalent.');
  const cancel = inside(place, 'abort_requester');
  const state = pointerOfExtractor(inside(place, 'status_extractor'));
  const chunks = isThere(target) ? pointerOfExtractor(target) : undefined;
  if (id === undefined) {
    lost(
      inside(place, 'polling_requester'),
      'The status request does not name the job by its id.',
      'Give create.id, the JSON Pointer to it, and put {job} into status.path.',
    );
  }
  return {
    kind: 'job',
    create: { id: id ?? `/${fillIn}` },
    status: filled({
      ...status,
      state: typeof state === 'string' ? state : `/${fillIn}`,
      done: ofState('completed'),
      failed: [...ofState('failed'), ...ofState('timeout')],
      chunks: typeof chunks === 'string' ? chunks : `/${fillIn}`,
    }),
    chunk,
    ...(isThere(cancel) && { cancel: asked('abort_requester') }),
    ...(timeout !== undefined && { poll: { giveUpAfterSeconds: Math.round(timeout * 60) } }),
  };
}

function requestOf(place: Place, scope: Scope): JsonObject {
  const { address, method, query, headers, body } = readRequester(place, scope);
  pass(place, 'authenticator', 'error_handler');
  const texts = (sent: typeof query) =>
    Object.fromEntries(Object.entries(sent).map(([name, { text }]) => [name, text]));
  return {
    path: address,
    ...(method !== undefined && { method }),
    ...(Object.keys(query).length > 0 && { query: texts(query) }),
    ...(Object.keys(headers).length > 0 && { headers: texts(headers) }),
    ...(body !== undefined && { body: body.block }),
  };
}

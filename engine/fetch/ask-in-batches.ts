import type { Batch } from '../descriptor/descriptor.ts';
import type { HttpAnswer, JsonObject, JsonValue } from '../records.ts';
import { answerError, isSuccess } from './answer-error.ts';
import { type Answered, askSource } from './ask-source.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import type { ReadPagesOptions } from './reading.ts';
import { requestName } from './request-name.ts';
import { splitRows } from './split-rows.ts';
import { type Asked, callAbout, failureOf } from './parent-call.ts';

/** The items of a batch that are asked again share its patience. */
type Item = { readonly index: number; readonly id: string; readonly url: string };

/**
 * The children of several parents by one request. Each item has an answer of its own, read by the same rules as one of
 * the source itself; items that the source wants to be asked again are, together, after the longest pause it names.
 */
export async function askInBatches(
  parents: readonly JsonObject[],
  batch: Batch,
  leftOut: (one: JsonObject) => boolean,
  options: ReadPagesOptions,
): Promise<Asked[]> {
  const results: Asked[] = parents.map(() => ({}));
  let items = parents.flatMap((one, index) =>
    leftOut(one) ? [] : [{ index, id: String(index + 1), url: relative(callAbout(one, options).url, options) }],
  );
  for (let tries = 1; items.length > 0; tries += 1) {
    const answers = answersOf(await ask(items, batch, options), batch);
    const again: Item[] = [];
    let pauseSeconds = 0;
    for (const item of items) {
      const error = readItem(item, answers.get(item.id), results, options);
      if (error === undefined) continue;
      if (error.retryable && tries < options.retry.maxTries) {
        again.push(item);
        pauseSeconds = Math.max(pauseSeconds, error.retryAfterSeconds ?? options.retry.baseDelayMs / 1000);
      } else {
        results[item.index] = failureOf(error);
      }
    }
    items = again;
    if (items.length > 0) await pause(pauseSeconds * 1000, options);
  }
  return results;
}

async function ask(items: readonly Item[], batch: Batch, options: ReadPagesOptions): Promise<Answered> {
  const requests = items.map(({ id, url }) => ({ [batch.idKey]: id, method: 'GET', url }));
  const call = options.build(batch.request, (name) => (name === 'requests' ? requests : undefined));
  return askSource(call, { spentMs: 0 }, options);
}

function answersOf({ body, answer }: Answered, batch: Batch): Map<string, HttpAnswer> {
  const listed = atPointer(body, batch.responses);
  if (!Array.isArray(listed)) {
    throw new FetchError('fetch/wrong-shape', `The answer to a batch has no list at ${batch.responses}.`, {
      hint: 'The vendor may have changed its answers; the descriptor must be looked at.',
    });
  }
  return new Map(listed.map((item) => [text(atPointer(item, `/${batch.idKey}`)), toAnswer(item, answer.receivedAt)]));
}

/** One answer inside the batch's, as if it had come by itself. */
function toAnswer(item: JsonValue, receivedAt: Date): HttpAnswer {
  const status = atPointer(item, '/status');
  const headers = atPointer(item, '/headers');
  return {
    status: typeof status === 'number' ? status : Number(status ?? 0),
    headers: Object.fromEntries(
      Object.entries(typeof headers === 'object' && headers !== null ? headers : {}).map(
        ([name, value]) => [name.toLowerCase(), text(value)] as const,
      ),
    ),
    body: Buffer.from(JSON.stringify(atPointer(item, '/body') ?? null)),
    receivedAt,
  };
}

/** The error of an item; its children where there is none. */
function readItem(
  { index, url }: Item,
  answer: HttpAnswer | undefined,
  results: Asked[],
  options: ReadPagesOptions,
): FetchError | undefined {
  if (answer === undefined) {
    return new FetchError('fetch/wrong-shape', `The answer to a batch lacks the item for ${url}.`, {
      hint: 'The vendor may have changed its answers; the descriptor must be looked at.',
    });
  }
  if (isSuccess(answer)) {
    // What was written as JSON a moment ago.
    results[index] = { children: splitRows(options.records, JSON.parse(answer.body.toString('utf8')) as JsonValue) };
    return undefined;
  }
  const { errors, retry, fill, signer, requestIdHeader } = options;
  const { origin } = options.build({ method: 'GET', path: '', query: {}, headers: {} }, () => undefined).url;
  const name = requestName({ method: 'GET', url: new URL(url, origin) });
  return answerError(answer, retry, {
    reading: errors,
    requestName: name,
    fill,
    secrets: signer.secrets(),
    requestIdHeader,
  });
}

async function pause(ms: number, { clock, tally, onWait, signal }: ReadPagesOptions): Promise<void> {
  tally.retries += 1;
  onWait?.(ms, 'items of a batch are asked again');
  await clock.sleep(ms, signal);
  tally.waitedMs += ms;
}

/** The address of an item below the base address, as batches want it. */
function relative(url: URL, options: ReadPagesOptions): string {
  const base = options.build({ method: 'GET', path: '', query: {}, headers: {} }, () => undefined).url.pathname;
  const path = url.pathname.startsWith(base) ? url.pathname.slice(base.replace(/\/$/, '').length) : url.pathname;
  return `${path}${url.search}`;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}

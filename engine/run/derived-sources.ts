import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { createDerivation, type Derivation, type Evaluate } from '../derive/derivation.ts';
import { StreamError } from '../diagnostics/engine-error.ts';
import { loadMapping } from '../mapping/load-mapping.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import type { JsonObject } from '../records.ts';
import type { RunFacts } from './map-row.ts';
import type { Ended } from './stream-books.ts';

/** Lets rows of one stream flow into the streams computed from it. */
export type DerivedSources = {
  /** Whether a stream of this run is computed from the rows of that one. */
  feeds(from: string): boolean;
  /** Called with each row of a stream that is no duplicate, before it is mapped. */
  feed(from: string, row: JsonObject): Promise<void>;
  /** Called when the stream that feeds has ended. */
  ended(from: string, how: Ended): void;
  /** Waits for the end of the stream that feeds. `unfed` reads it just for this, where the run does not read it anyway. */
  source(from: string, unfed: () => Promise<Ended>): Promise<Ended>;
  /** The records of a derived stream once its source has completed; `undefined` if they cannot be told from the rows. */
  records(stream: string): Promise<unknown[] | undefined>;
};

export function createDerivedSources(
  descriptor: Descriptor,
  selected: readonly Stream[],
  run: RunFacts,
): DerivedSources {
  const feeds = new Map<string, Feed[]>();
  const byStream = new Map<string, Feed>();
  for (const stream of selected) {
    if (stream.derive === undefined) continue;
    const feed = createFeed(descriptor, stream, run);
    byStream.set(stream.name, feed);
    feeds.set(stream.derive.from, [...(feeds.get(stream.derive.from) ?? []), feed]);
  }
  const read = new Set(selected.map(({ name }) => name));
  const endings = new Map<string, ReturnType<typeof deferred<Ended>>>();
  for (const from of feeds.keys()) endings.set(from, deferred());
  const begun = new Set<string>();

  return {
    feeds: (from) => feeds.has(from),
    async feed(from, row) {
      for (const feed of feeds.get(from) ?? []) await feed.add(row);
    },
    ended(from, how) {
      endings.get(from)?.resolve(how);
    },
    async source(from, unfed) {
      const ending = endings.get(from) ?? deferred<Ended>();
      if (!read.has(from) && !begun.has(from)) {
        begun.add(from); // several streams may be computed from it; it is read once
        unfed().then(ending.resolve, ending.reject);
      }
      return ending.promise;
    },
    async records(stream) {
      return byStream.get(stream)?.records();
    },
  };
}

type Feed = { add(row: JsonObject): Promise<void>; records(): Promise<unknown[] | undefined> };

/** A derivation that fails is the trouble of the derived stream alone: the failure is kept until its records are asked for. */
function createFeed(descriptor: Descriptor, stream: Stream, run: RunFacts): Feed {
  let failed: unknown;
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    if (failed !== undefined) return undefined;
    try {
      return await work();
    } catch (cause) {
      failed = cause instanceof MappingFailure ? asStreamError(cause, stream) : cause;
      return undefined;
    }
  };
  const derivation: Derivation | undefined = makeDerivation(descriptor, stream, run);
  return {
    async add(row) {
      await attempt(async () => derivation?.add(row));
    },
    async records() {
      const records = await attempt(async () => derivation?.records());
      if (failed instanceof Error) throw failed;
      return records;
    },
  };
}

function makeDerivation({ name: integration }: Descriptor, stream: Stream, run: RunFacts): Derivation | undefined {
  const { derive } = stream;
  if (derive === undefined) return undefined;
  const evaluator = (text: string | undefined, file: string): Evaluate | undefined => {
    if (text === undefined) return undefined;
    const mapping = loadMapping(text, file);
    const shared = { connection: run.connection, runStartedAt: run.startedAt.getTime() };
    return async (input, bindings) => await mapping.evaluate(input, { ...shared, ...bindings });
  };
  return createDerivation(derive, {
    stream: stream.name,
    connection: run.connection,
    runStartedAt: run.startedAt,
    evaluateRecord: evaluator(derive.record, `${integration}/derivations/${stream.name}.jsonata`),
    evaluateStep: evaluator(
      derive.kind === 'fold' ? derive.step : undefined,
      `${integration}/integration.yaml, step of ${stream.name}`,
    ),
  });
}

function asStreamError({ issue }: MappingFailure, stream: Stream): StreamError {
  return new StreamError(issue.code, `Deriving "${stream.name}": ${issue.message}`, { hint: issue.hint, at: issue.at });
}

function deferred<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (cause: unknown) => void;
} {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<Value>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  promise.catch(() => undefined); // nobody may be waiting
  return { promise, resolve, reject };
}

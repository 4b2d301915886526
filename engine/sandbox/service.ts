import type { KeyObject } from 'node:crypto';
import type { Collection, Collections } from './collection.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import type { Fault } from './faults.ts';
import { fill, fillTexts, type Values } from './fill.ts';
import type { FoundRoute } from './find-route.ts';
import type { JsonValue } from '../records.ts';
import type { JobBook } from './job-book.ts';
import type { NamedError, SandboxDescription } from './sandbox-description.ts';
import type { Place } from './walk.ts';
import { namedError } from './vendor-errors.ts';

/** What stays the same from request to request. */
export type Service = {
  readonly description: SandboxDescription;
  readonly collections: Collections;
  readonly granted: ReadonlySet<string>;
  readonly allowDelegatedOnly: boolean;
  readonly unlicensed: boolean;
  /** Seals what the sandbox hands out. */
  readonly key: Buffer;
  /** Of the pair made for this sandbox, where the description wants one. */
  readonly publicKey: KeyObject | undefined;
  readonly now: () => Date;
  /** Figures once counted, by route and arguments. */
  readonly counted: Map<string, Promise<Values>>;
  readonly totals: Map<string, number>;
  /** Where pages by offset ended, by what was asked. */
  readonly ends: Map<string, Place>;
  readonly jobs: JobBook;
};

/** One request that met its route. */
export type Visit = FoundRoute & {
  readonly service: Service;
  readonly exchange: Exchange;
  readonly faults: readonly Fault[];
  /** What is left of the family's limit, as placeholders. */
  readonly limits: Values;
};

export function collectionOf({ collections }: Service, name: string): Collection {
  const collection = collections[name];
  if (collection === undefined) throw new Error(`There is no collection ${name}.`);
  return collection;
}

/** A good answer with the family's headers. */
export function answerBody(visit: Visit, body: JsonValue, headers: Answer['headers'] = {}): Answer {
  return jsonAnswer(200, body, { ...familyHeaders(visit), ...headers });
}

/** A body with the placeholders of this request; nothing at all is null. */
export function fillBody({ exchange, limits }: Visit, body: JsonValue, values: Values): JsonValue {
  return fill(body, { ...exchange.values, ...limits, ...values }) ?? null;
}

export function familyHeaders({ family, exchange, limits }: Visit): Answer['headers'] {
  return fillTexts(family.headers ?? {}, { ...exchange.values, ...limits });
}

export function refuse(visit: Visit, name: NamedError, values: Values = {}): Answer {
  const { service, exchange, family, call, limits } = visit;
  const segment = call.path.split('/').at(-1);
  const known = { segment, version: call.version, ...limits, ...values };
  const answer = namedError(service.description.errors, family, name, exchange, known);
  return { ...answer, headers: { ...familyHeaders(visit), ...answer.headers } };
}

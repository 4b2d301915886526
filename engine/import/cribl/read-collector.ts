import type { YamlFile } from '../../descriptor/yaml-file.ts';
import type { JsonObject } from '../../records.ts';
import type { Found } from '../assemble.ts';
import { type Connection, gatherConnection } from '../connection.ts';
import { type AddressedStream, type AuthBlock, fillIn, filled, type ImportedStream, type Sent } from '../imported.ts';
import { pointerOf } from '../json-path.ts';
import {
  entriesOf,
  flagOf,
  inside,
  isThere,
  itemsOf,
  lost,
  needless,
  numberOf,
  otherwise,
  pass,
  type Place,
  textOf,
} from '../place.ts';
import { openSheet } from '../sheet.ts';
import { streamNamer } from '../stream-names.ts';
import { type CriblScope, expressionText } from './expression.ts';
import { readAuth } from './read-auth.ts';
import { readBody } from './read-body.ts';
import { readDiscovery } from './read-discovery.ts';
import { readPaging } from './read-paging.ts';
import { readCursor } from './read-schedule.ts';

/**
 * A Cribl REST collector: a job, several jobs by their names, or the `conf` alone.
 *
 * @see docs.cribl.io, "REST / API Endpoint Collector"; github.com/criblio/collector-templates
 */
export function readCollector(file: YamlFile): Found {
  const root = openSheet(file, false);
  const connection = gatherConnection();
  const namer = streamNamer();
  const made = jobsIn(root).flatMap(({ place, name }) => readJob(place, name, namer, connection));
  const [first] = made;
  for (const { auth, authPlace } of made.slice(1)) {
    if (JSON.stringify(auth) === JSON.stringify(first?.auth)) continue;
    lost(
      authPlace,
      'This collector authorises itself in another way than the first, which is not carried.',
      'An integration has one auth: import it by itself.',
    );
  }
  const description = made.map((one) => one.description).find((one) => one !== undefined);
  return {
    about: { links: [], ...(description !== undefined && { summary: description }) },
    connection,
    ...(first?.auth !== undefined && { auth: first.auth }),
    ...(first?.settings !== undefined && { request: first.settings }),
    ...(first?.retry !== undefined && { retry: first.retry }),
    errors: { code: [], message: [], rules: [] },
    streams: made.flatMap(({ streams }) => streams),
    root,
  };
}

function jobsIn(root: Place): { place: Place; name: string }[] {
  const isJob = (place: Place) => isThere(inside(place, 'collector')) || isThere(inside(place, 'collectUrl'));
  if (Array.isArray(root.value)) return itemsOf(root).map((place) => ({ place, name: 'collector' }));
  if (isJob(root)) return [{ place: root, name: 'collector' }];
  return entriesOf(root).flatMap(([name, place]) => (isJob(place) ? [{ place, name }] : []));
}

type Made = {
  readonly streams: readonly AddressedStream[];
  readonly auth: AuthBlock | undefined;
  readonly authPlace: Place;
  readonly settings: JsonObject | undefined;
  readonly retry: JsonObject | undefined;
  readonly description: string | undefined;
};

function readJob(job: Place, known: string, namer: (name: string) => string, connection: Connection): Made[] {
  const collector = inside(job, 'collector');
  const conf = isThere(collector) ? inside(collector, 'conf') : job;
  const type = textOf(inside(collector, 'type'));
  if (type !== undefined && type !== 'rest') {
    pass(collector);
    lost(collector, `A collector of type ${type} reads no REST source, and is not carried.`);
    return [];
  }
  passJobKeys(job, collector);
  const name = namer(textOf(inside(job, 'id')) ?? known);
  const scope: CriblScope = { connection, names: {}, item: () => undefined };
  const auth = readAuth(conf, scope);
  const { settings, retry } = readSettings(conf);
  readInput(inside(job, 'input'));
  const description = textOf(inside(job, 'description'))?.replace(/\s+/g, ' ').trim();
  return [
    {
      streams: streamsOf(job, conf, name, namer, connection),
      auth,
      authPlace: inside(conf, 'authentication'),
      settings,
      retry,
      description: description === '' ? undefined : description,
    },
  ];
}

/** What a job holds that is not about reading a source. */
function passJobKeys(job: Place, collector: Place): void {
  pass(
    job,
    'type',
    'ttl',
    'ignoreGroupJobsLimit',
    'removeFields',
    'resumeOnBoot',
    'streamtags',
    'workerAffinity',
    'savedState',
    'environment',
  );
  pass(collector, 'destructive', 'encoding');
}

function readInput(place: Place): void {
  pass(place, 'type', 'staleChannelFlushMs', 'sendToRoutes', 'throttleRatePerSec');
  const command = inside(place, 'preprocess');
  if (isThere(command) && inside(command, 'disabled').value !== true)
    lost(command, 'A command that the answers pass through has no equivalent.');
  pass(command);
  for (const key of ['pipeline', 'output']) {
    const own = inside(place, key);
    if (isThere(own)) needless(own, 'Where records go to is not part of a feed: a run has its own output.');
  }
  for (const field of itemsOf(inside(place, 'metadata'))) {
    pass(field);
    lost(
      field,
      `The field "${textOf(inside(field, 'name')) ?? ''}" that is added to every event is not carried.`,
      'The mapping of the stream says what a record holds.',
    );
  }
  const breakers = inside(place, 'breakerRulesets');
  const names = itemsOf(breakers).map((one) => textOf(one) ?? '');
  if (names.length > 0) {
    lost(
      breakers,
      `Where the rows of an answer lie is said by event breakers outside the file (${names.join(', ')}); the answer itself is taken for the list.`,
      'Give the JSON Pointer to the rows under records.',
    );
  }
}

function streamsOf(
  job: Place,
  conf: Place,
  name: string,
  namer: (name: string) => string,
  connection: Connection,
): AddressedStream[] {
  const place = inside(conf, 'discovery');
  const discovery = readDiscovery(place);
  if (discovery.kind === 'items') {
    return discovery.items.map(({ suffix, values }) =>
      collect(job, conf, namer(`${name}-${suffix}`), { connection, names: {}, item: (field) => values[field] }),
    );
  }
  if (discovery.kind === 'none') return [collect(job, conf, name, { connection, names: {}, item: () => undefined })];
  const parent = namer(`${name}-discovery`);
  const found = discover(place, parent, { connection, names: {}, item: () => undefined });
  const cursors = new Set(itemsOf(inside(inside(conf, 'pagination'), 'attribute')).map((one) => textOf(one) ?? ''));
  const child = collect(job, conf, name, {
    connection,
    names: {},
    item: (field) => (cursors.has(field) ? undefined : `{parent.${field}}`),
  });
  return [found, { ...child, more: { ...child.more, parent: { stream: parent } } }];
}

function discover(place: Place, name: string, scope: CriblScope): AddressedStream {
  const { request, parameters } = requestOf(place, 'discover', scope);
  const paging = readPaging(inside(place, 'pagination'), parameters);
  const field = textOf(inside(place, 'discoverDataField')) ?? '';
  return streamFrom(name, request, paging, pointerOf(field) ?? '', undefined);
}

function collect(job: Place, conf: Place, name: string, scope: CriblScope): AddressedStream {
  const { request, parameters } = requestOf(conf, 'collect', scope);
  const paging = readPaging(inside(conf, 'pagination'), parameters);
  const isTimed = /\{(from|to)\.(iso|s|ms)\}/.test(
    JSON.stringify([request.address, request.query, request.body], (key, value: unknown) =>
      key === 'place' ? undefined : value,
    ),
  );
  const told = inside(inside(conf, 'pagination'), 'type');
  const inAnswer = [
    paging.block.pointer,
    paging.block.morePointer,
    paging.block.totalPointer,
    paging.block.lastPagePointer,
  ];
  if (inAnswer.some((pointer) => pointer !== undefined)) {
    lost(
      told,
      'The answer holds more than its rows, and where the rows lie in it is not told.',
      'Give the JSON Pointer to the rows under records.',
    );
  }
  return streamFrom(name, request, paging, '', readCursor(job, isTimed, scope.connection));
}

type Asked = Pick<AddressedStream, 'address' | 'addressPlace' | 'query' | 'headers' | 'body'> & {
  readonly method?: 'POST';
};

function streamFrom(
  name: string,
  request: Asked,
  paging: ReturnType<typeof readPaging>,
  records: ImportedStream['records'],
  cursor: JsonObject | undefined,
): AddressedStream {
  const { method, query, ...asked } = request;
  const { parameter } = paging;
  const { sizeParameter } = paging.block;
  const own = Object.entries(query).filter(
    ([key]) =>
      key !== parameter && key !== sizeParameter && !(paging.block.kind !== 'cursor' && key === paging.block.parameter),
  );
  return {
    ...asked,
    name,
    summary: `One row of ${name.replaceAll('-', ' ')}.`,
    query: Object.fromEntries(own),
    records,
    pagination: paging.block,
    primaryKey: [],
    more: filled({ method, cursor }),
  };
}

/** The keys of discovery and of collection are alike, but for how they begin. */
function requestOf(
  place: Place,
  what: 'collect' | 'discover',
  scope: CriblScope,
): { request: Asked; parameters: ReadonlyMap<string, string> } {
  const addressPlace = inside(place, `${what}Url`);
  const methodPlace = inside(place, `${what}Method`);
  const method = textOf(methodPlace) ?? 'get';
  const verb = inside(place, `${what}Verb`);
  const isOther = method === 'other';
  if (isOther && !/^(get|post)$/i.test(textOf(verb) ?? ''))
    lost(verb, `The method ${textOf(verb) ?? 'without a name'} has no equivalent.`);
  const isPost = method.startsWith('post') || (isOther && /^post$/i.test(textOf(verb) ?? ''));
  const named = itemsOf(inside(place, `${what}RequestParams`)).map((one): [string, Place] => [
    textOf(inside(one, 'name')) ?? '',
    inside(one, 'value'),
  ]);
  const parameters = new Map(named.map(([name, value]) => [name, textOf(value) ?? '']));
  const cursors = new Set(itemsOf(inside(inside(place, 'pagination'), 'attribute')).map((one) => textOf(one) ?? ''));
  const query = sentFrom(
    named.filter(([, value]) => !isCursor(textOf(value) ?? '', cursors)),
    scope,
  );
  const headers = itemsOf(inside(place, `${what}RequestHeaders`)).map((one): [string, Place] => [
    textOf(inside(one, 'name')) ?? '',
    inside(one, 'value'),
  ]);
  const bodyPlace = inside(place, `${what}Body`);
  const body = method === 'post_with_body' || isOther ? readBody(bodyPlace, scope) : undefined;
  if (body === undefined) pass(bodyPlace);
  return {
    parameters,
    request: {
      address: expressionText(addressPlace, scope) ?? fillIn,
      addressPlace,
      query,
      headers: sentFrom(headers, scope),
      ...(body !== undefined && { body }),
      ...(isPost && { method: 'POST' }),
    },
  };
}

/** The paging sends it. */
function isCursor(expression: string, cursors: ReadonlySet<string>): boolean {
  const inner = /^[`'"]?\$\{\s*(.*?)\s*\}[`'"]?$/s.exec(expression.trim())?.[1];
  return inner !== undefined && cursors.has((inner.split('||')[0] ?? '').trim());
}

function sentFrom(named: readonly [name: string, value: Place][], scope: CriblScope): Sent {
  return Object.fromEntries(
    named.map(([name, place]) => {
      const isRedacted = /^['"`]?REDACTED['"`]?$/.test(textOf(place) ?? '');
      const text = isRedacted ? scope.connection.use(name, { secret: true }) : (expressionText(place, scope) ?? '');
      return [name, { text, place }];
    }),
  );
}

function readSettings(conf: Place): { settings: JsonObject | undefined; retry: JsonObject | undefined } {
  pass(
    conf,
    'useRoundRobinDns',
    'decodeUrl',
    'captureHeaders',
    'safeHeaders',
    '__scheduling',
    'stopOnEmptyResults',
    'disableTimeFilter',
    'username',
    'password',
  );
  const certificates = inside(conf, 'rejectUnauthorized');
  if (certificates.value === false)
    lost(
      certificates,
      'Certificates are always checked; a source with one of its own authority has no equivalent.',
      'Give Node the authority by NODE_EXTRA_CA_CERTS.',
    );
  const seconds = numberOf(inside(conf, 'timeout'));
  const settings = seconds === undefined || seconds <= 0 ? undefined : { responseTimeoutMs: seconds * 1000 };
  return { settings, retry: retryOf(inside(conf, 'retryRules')) };
}

const usualStatuses = [408, 429, 500, 502, 503, 504, 509];

function retryOf(place: Place): JsonObject | undefined {
  if (!isThere(place)) return undefined;
  pass(place, 'retryConnectTimeout', 'retryConnectReset', 'multiplier');
  const type = textOf(inside(place, 'type')) ?? 'backoff';
  if (type === 'none') return { maxTries: 1 };
  const interval = numberOf(inside(place, 'interval'));
  const limit = numberOf(inside(place, 'limit'));
  const longest = numberOf(inside(place, 'maxIntervalMs'));
  const multiplier = inside(place, 'multiplier');
  const factor = numberOf(multiplier);
  if (factor !== undefined && factor !== 2 && type === 'backoff')
    otherwise(multiplier, `Pauses double each time, not by ${factor}.`);
  const codes = itemsOf(inside(place, 'codes'))
    .flatMap((one) => numberOf(one) ?? [])
    .filter((code) => !usualStatuses.includes(code));
  const honoured = inside(place, 'enableHeader');
  if (isThere(honoured) && !flagOf(honoured)) otherwise(honoured, 'A Retry-After of the source is always obeyed.');
  const header = textOf(inside(place, 'retryHeaderName')) ?? 'retry-after';
  return filled({
    maxTries: limit === undefined ? undefined : limit + 1,
    baseDelayMs: interval === undefined || interval < 1 ? undefined : interval,
    maxDelayMs: type === 'static' ? interval : longest === undefined || longest < 1 ? undefined : longest,
    statuses: codes.length > 0 ? [...usualStatuses, ...codes].sort((one, other) => one - other) : undefined,
    after: /^retry-after$/i.test(header) || header === '' ? undefined : [{ header, unit: 'seconds' }],
  });
}

import type { YamlFile } from '../../descriptor/yaml-file.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { askForIt, type Found } from '../assemble.ts';
import { type Connection, gatherConnection } from '../connection.ts';
import { type AddressedStream, type AuthBlock, filled, type ImportedErrors } from '../imported.ts';
import {
  deep,
  entriesOf,
  inside,
  isThere,
  itemsOf,
  lost,
  needless,
  otherwise,
  pass,
  type Place,
  secretInClear,
  textOf,
} from '../place.ts';
import { openSheet } from '../sheet.ts';
import { streamNamer } from '../stream-names.ts';
import { type ArmScope, plainVariables } from './arm-text.ts';
import { credential, readAuth } from './read-auth.ts';
import { readPaging } from './read-paging.ts';
import { readRequest, timeForm } from './read-request.ts';
import { readResponse } from './read-response.ts';

/**
 * A Sentinel codeless connector: pollers of kind RestApiPoller, alone, in a list, or in a deployment template with the
 * definition of the page on which they are connected.
 *
 * @see "RestApiPoller data connector reference for the Codeless Connector Framework", and "Data connector definitions
 * reference" beside it
 */
export function readConnector(file: YamlFile): Found {
  const root = openSheet(file, true);
  const connection = gatherConnection();
  const survey: Survey = { pollers: [], variables: {}, about: {} };
  look(root, survey, connection, 0);
  const namer = streamNamer();
  const made = survey.pollers.map((poller) => readPoller(poller, namer, connection, survey.variables));
  const auth = oneAuth(made);
  const limits = Object.assign({}, ...made.map(({ limits: own }) => own)) as JsonObject; // objects of budgets
  return {
    about: { ...survey.about, links: [] },
    connection,
    ...(auth !== undefined && { auth }),
    ...oneOf(
      'request',
      made.map(({ settings }) => settings),
    ),
    ...oneOf(
      'retry',
      made.map(({ retry }) => retry),
    ),
    ...(Object.keys(limits).length > 0 && { rateLimits: limits }),
    errors: errorsOf(made.flatMap(({ failedWhen }) => failedWhen)),
    streams: made.map(({ stream }) => stream),
    root,
    readWhole: survey.pollers,
  };
}

function errorsOf(signs: readonly JsonObject[]): ImportedErrors {
  const failedWhen = [...new Map(signs.map((sign) => [JSON.stringify(sign), sign])).values()];
  return { code: [], message: [], rules: [], ...(failedWhen.length > 0 && { failedWhen }) };
}

type Survey = {
  readonly pollers: Place[];
  variables: { [name: string]: string };
  about: { title?: string; vendorName?: string; summary?: string };
};

/** Walks the file for pollers, parameters, the page of the connector, and what transforms its rows. */
function look(place: Place, survey: Survey, connection: Connection, depth: number): void {
  const { value } = place;
  if (depth > 40) return;
  if (Array.isArray(value)) {
    for (const item of itemsOf(place)) look(item, survey, connection, depth + 1);
    return;
  }
  if (!isJsonObject(value)) return;
  const kind = textOf(inside(place, 'kind')) ?? '';
  if (/^(RestApiPoller|APIPolling)$/i.test(kind) || isBarePoller(value)) {
    survey.pollers.push(place);
    const page = connectorPage(place);
    if (isThere(page)) readPage(page, survey, connection);
    return;
  }
  const page = connectorPage(place);
  if (isThere(page)) readPage(page, survey, connection);
  declareParameters(inside(place, 'parameters'), connection);
  survey.variables = { ...survey.variables, ...plainVariables(inside(place, 'variables')) };
  for (const [key, inner] of entriesOf(place)) {
    const kql = key.toLowerCase() === 'transformkql' ? textOf(inner) : undefined;
    if (kql !== undefined && kql.trim() !== 'source') {
      lost(
        inner,
        'The KQL transformation of the rows is not carried.',
        'What becomes of a field is said in the mapping of the stream.',
      );
    }
    if (/^(parameters|variables|connectoruiconfig)$/i.test(key)) continue;
    look(inner, survey, connection, depth + 1);
  }
}

function isBarePoller(value: JsonObject): boolean {
  const keys = new Set(Object.keys(value).map((key) => key.trim().toLowerCase()));
  return keys.has('request') && keys.has('response') && (keys.has('auth') || keys.has('paging'));
}

function connectorPage(place: Place): Place {
  const own = inside(place, 'connectorUiConfig');
  return isThere(own) ? own : deep(place, 'properties', 'connectorUiConfig');
}

/** What a person is asked for when connecting, and the names for people. */
function readPage(place: Place, survey: Survey, connection: Connection): void {
  const title = plain(textOf(inside(place, 'title')));
  const publisher = plain(textOf(inside(place, 'publisher')));
  const summary = plain(textOf(inside(place, 'descriptionMarkdown'))?.split('\n')[0]);
  survey.about = {
    ...survey.about,
    ...(title !== undefined && { title }),
    ...(publisher !== undefined && { vendorName: publisher }),
    ...(summary !== undefined && { summary }),
  };
  declareFields(place, connection, 0);
  pass(place);
}

/** Text for people without Markdown and without expressions. */
function plain(text: string | undefined): string | undefined {
  const own = text
    ?.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return own === undefined || own === '' || own.startsWith('[') ? undefined : own;
}

function declareFields(place: Place, connection: Connection, depth: number): void {
  if (depth > 20) return;
  for (const item of Array.isArray(place.value) ? itemsOf(place) : entriesOf(place).map(([, inner]) => inner)) {
    const name = textOf(deep(item, 'parameters', 'name'));
    if (/^(textbox|input)$/i.test(textOf(inside(item, 'type')) ?? '') && name !== undefined) {
      const label = plain(textOf(deep(item, 'parameters', 'label')));
      const isSecret = textOf(deep(item, 'parameters', 'type'))?.toLowerCase() === 'password';
      connection.declare(name, {
        title: label ?? name,
        ...(isSecret && { secret: true }),
        help: 'FILL IN: where the operator finds it.',
      });
    }
    if (isJsonObject(item.value) || Array.isArray(item.value)) declareFields(item, connection, depth + 1);
  }
}

function declareParameters(place: Place, connection: Connection): void {
  for (const [name, parameter] of entriesOf(place)) {
    const type = textOf(inside(parameter, 'type'))?.toLowerCase();
    if (type === undefined) continue;
    const value = inside(parameter, 'defaultValue').value;
    const isSecret = type.startsWith('secure');
    const isPlain = typeof value === 'string' && value !== '' && !value.startsWith('[');
    if (isSecret && isPlain)
      secretInClear(
        inside(parameter, 'defaultValue'),
        `"${name}" is a secret and has a default; it was not copied.`,
        askForIt,
      );
    connection.declare(name, {
      title: name,
      ...(isSecret && { secret: true }),
      ...(!isSecret && isPlain && { default: value }),
      help: plain(textOf(deep(parameter, 'metadata', 'description'))) ?? 'FILL IN: where the operator finds it.',
    });
  }
}

type Made = {
  readonly stream: AddressedStream;
  readonly auth: AuthBlock | undefined;
  readonly authPlace: Place;
  readonly settings: JsonObject | undefined;
  readonly retry: JsonObject | undefined;
  readonly limits: JsonObject;
  readonly failedWhen: readonly JsonObject[];
};

function readPoller(
  poller: Place,
  namer: (name: string) => string,
  connection: Connection,
  variables: { readonly [name: string]: string },
): Made {
  pass(
    poller,
    'kind',
    'type',
    'name',
    'id',
    'etag',
    'apiVersion',
    'location',
    'dependsOn',
    'scope',
    'metadata',
    'tags',
  );
  const own = inside(poller, 'properties');
  const place = isThere(own) ? own : poller;
  const legacy = inside(place, 'pollingConfig');
  const config = isThere(legacy) ? legacy : place;
  pass(place, 'connectorUiConfig', 'connectorDefinitionName', 'dataType', 'isActive', 'addOnAttributes');
  const rule = inside(place, 'dcrConfig');
  if (isThere(rule)) needless(rule, 'Where rows are delivered is not part of a feed: a run has its own output.');
  const request = inside(config, 'request');
  const scope: ArmScope = { connection, variables, form: timeForm(request) };
  const authPlace = inside(config, 'auth');
  const auth = readAuth(authPlace, scope);
  const apiKeyPlace = inside(authPlace, 'apiKey');
  const inBody =
    auth === undefined && isThere(apiKeyPlace)
      ? { name: textOf(inside(authPlace, 'apiKeyName')) ?? 'apiKey', value: credential(apiKeyPlace, 'apiKey', scope) }
      : undefined;
  const asked = readRequest(request, scope, inBody);
  const paging = readPaging(inside(config, 'paging'));
  const response = readResponse(inside(config, 'response'));
  const name = namer(streamName(poller, place));
  const budget = asked.rateLimit === undefined ? undefined : name;
  const stream: AddressedStream = {
    name,
    summary: `One row of ${name.replaceAll('-', ' ')}.`,
    address: asked.address,
    addressPlace: asked.addressPlace,
    query: {
      ...asked.query,
      ...Object.fromEntries(Object.entries(paging.query).map(([key, text]) => [key, { text, place: config }])),
    },
    headers: asked.headers,
    ...(asked.body !== undefined && { body: asked.body }),
    records: response.records,
    pagination: paging.block,
    primaryKey: [],
    more: filled({
      method: asked.method,
      decode: response.decode.length > 0 ? response.decode : undefined,
      cursor: paging.isEndless ? endless(asked.cursor, connection, config) : asked.cursor,
      rateLimit: budget,
    }),
  };
  return {
    stream,
    auth,
    authPlace,
    settings: asked.settings,
    retry: asked.retry,
    limits: asked.rateLimit === undefined ? {} : { [name]: asked.rateLimit },
    failedWhen: response.failedWhen,
  };
}

/** The link is kept from run to run. */
function endless(timed: JsonObject | undefined, connection: Connection, place: Place): JsonObject {
  const lookback =
    timed?.lookback ??
    connection.own('lookback', {
      title: 'How far back the first run reads',
      default: '1d',
      help: 'A length of time such as 12h, 30d or 365d.',
    });
  const query = isJsonObject(timed?.query)
    ? Object.entries(timed.query).filter(([, text]) => typeof text === 'string' && !text.includes('{to.'))
    : [];
  if (timed === undefined)
    otherwise(
      inside(place, 'paging'),
      'The first run begins where the source begins; later ones at the link that was kept.',
    );
  return filled({ kind: 'next-link', lookback, query: query.length > 0 ? Object.fromEntries(query) : undefined });
}

/** `Custom-Acme_SignIns_CL` → Acme_SignIns */
function streamName(poller: Place, place: Place): string {
  const table = textOf(deep(place, 'dcrConfig', 'streamName'));
  const told = [table, textOf(inside(place, 'dataType')), textOf(inside(poller, 'name'))];
  const usable = told.find((name) => name !== undefined && name !== '' && !/[[{]/.test(name));
  return (usable ?? 'events').replace(/^Custom-/i, '').replace(/_CL$/i, '');
}

function oneAuth(made: readonly Made[]): AuthBlock | undefined {
  const [first] = made;
  for (const { auth, authPlace } of made.slice(1)) {
    if (JSON.stringify(auth) === JSON.stringify(first?.auth)) continue;
    lost(
      authPlace,
      'This poller authorises itself in another way than the first, which is not carried.',
      'An integration has one auth: give the poller an integration of its own.',
    );
  }
  return first?.auth;
}

/** Settings that a descriptor has once: the largest of each. */
function oneOf<Key extends string>(key: Key, blocks: readonly (JsonObject | undefined)[]): { [K in Key]?: JsonObject } {
  const merged: JsonObject = {};
  for (const [name, value] of blocks.flatMap((block) => Object.entries(block ?? {}))) {
    merged[name] = larger(merged[name], value);
  }
  // TypeScript widens a computed key to string.
  return Object.keys(merged).length === 0 ? {} : ({ [key]: merged } as { [K in Key]: JsonObject });
}

function larger(one: JsonValue | undefined, other: JsonValue): JsonValue {
  return typeof one === 'number' && typeof other === 'number' ? Math.max(one, other) : (one ?? other);
}

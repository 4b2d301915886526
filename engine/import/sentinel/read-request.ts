import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { type AddressedStream, fillIn, filled, type Sent } from '../imported.ts';
import { entriesOf, flagOf, inside, isThere, lost, numberOf, otherwise, type Place, textOf } from '../place.ts';
import { dotNetFormOf, type TimeForm } from '../times.ts';
import { type ArmScope, armText, windowText } from './arm-text.ts';

export type Request = Pick<AddressedStream, 'address' | 'addressPlace' | 'query' | 'headers' | 'body'> & {
  readonly method?: 'POST';
  /** The window of time, where the source is asked for one. */
  readonly cursor?: JsonObject;
  readonly settings?: JsonObject;
  readonly retry?: JsonObject;
  readonly rateLimit?: JsonObject;
};

export function timeForm(request: Place): TimeForm {
  const place = inside(request, 'queryTimeFormat');
  const format = textOf(place);
  if (format === undefined || format === '') return 'iso';
  const known = dotNetFormOf(format);
  if (known === undefined) {
    lost(
      place,
      `Times as "${format}" have no equivalent; they are sent as 2026-01-31T05:06:07Z.`,
      'There are {from.iso}, {from.s} and {from.ms}: see what else the source takes.',
    );
    return 'iso';
  }
  if (!known.isExact) otherwise(place, `Times as "${format}" are sent as 2026-01-31T05:06:07Z.`);
  return known.form;
}

/** `apiKey`: our text for the key, where the body carries it. */
export function readRequest(
  place: Place,
  scope: ArmScope,
  apiKey: { name: string; value: string } | undefined,
): Request {
  const methodPlace = inside(place, 'httpMethod');
  const method = (textOf(methodPlace) ?? 'GET').toUpperCase();
  if (method !== 'GET' && method !== 'POST') lost(methodPlace, `The method ${method} has no equivalent.`);
  const parameters = inside(place, 'queryParameters');
  const sent = sentFrom(parameters, scope);
  const template = inside(place, 'queryParametersTemplate');
  const isJson = flagOf(inside(place, 'isPostPayloadJson'));
  const body = isThere(template) ? templateBody(template, isJson, scope, apiKey) : undefined;
  const inBody = method === 'POST' && isJson && !isThere(template) && Object.keys(sent).length > 0;
  const windowQuery = windowOf(place, scope);
  const timed =
    Object.keys(windowQuery).length > 0 ||
    mentionsWindow([sent, body?.block ?? null, armText(inside(place, 'apiEndpoint'), scope) ?? '']);
  const endpoint = inside(place, 'apiEndpoint');
  const headers = sentFrom(inside(place, 'headers'), scope);
  return {
    address: armText(endpoint, scope) ?? fillIn,
    addressPlace: endpoint,
    query: inBody ? {} : sent,
    headers,
    ...(body !== undefined && { body }),
    ...(inBody && {
      body: {
        block: { json: Object.fromEntries(Object.entries(sent).map(([name, { text }]) => [name, text])) },
        place: parameters,
      },
    }),
    ...(method === 'POST' && { method: 'POST' }),
    ...(timed && { cursor: cursorBlock(place, windowQuery, scope) }),
    ...settingsOf(place),
  };
}

function sentFrom(place: Place, scope: ArmScope): Sent {
  return Object.fromEntries(
    entriesOf(place).flatMap(([name, value]) => {
      const text = armText(value, scope);
      if (text === undefined) lost(value, `"${name}" is no text, and has no equivalent.`);
      return text === undefined ? [] : [[name, { text, place: value }]];
    }),
  );
}

function windowOf(place: Place, { form }: ArmScope): { [name: string]: string } {
  const start = textOf(inside(place, 'startTimeAttributeName'));
  const end = textOf(inside(place, 'endTimeAttributeName'));
  const interval = textOf(inside(place, 'queryTimeIntervalAttributeName'));
  const prepend = textOf(inside(place, 'queryTimeIntervalPrepend')) ?? '';
  const delimiter = textOf(inside(place, 'queryTimeIntervalDelimiter')) ?? '';
  return {
    ...(start !== undefined && start !== '' && { [start]: `{from.${form}}` }),
    ...(end !== undefined && end !== '' && { [end]: `{to.${form}}` }),
    ...(interval !== undefined && { [interval]: `${prepend}{from.${form}}${delimiter}{to.${form}}` }),
  };
}

function mentionsWindow(value: unknown): boolean {
  return /\{(from|to)\.(iso|s|ms)\}/.test(
    JSON.stringify(value, (key, inner: unknown) => (key === 'place' ? undefined : inner)),
  );
}

function cursorBlock(place: Place, query: { readonly [name: string]: string }, { connection }: ArmScope): JsonObject {
  const window = inside(place, 'queryWindowInMin');
  const minutes = numberOf(window) ?? 5;
  otherwise(
    isThere(window) ? window : place,
    `A run reads all that came since the last one, in spans of at most ${minutes} min, not one span a run; the first run reads a day back.`,
    'Take "step" out where the source answers longer spans; the connection property "lookback" says how far back the first run reads.',
  );
  const lookback = connection.own('lookback', {
    title: 'How far back the first run reads',
    default: '1d',
    help: 'A length of time such as 12h, 30d or 365d.',
  });
  return filled({
    kind: 'time',
    lookback,
    query: Object.keys(query).length > 0 ? { ...query } : undefined,
    step: `${minutes}m`,
  });
}

/** A body told as a text of JSON, often in single quotes. */
function templateBody(
  place: Place,
  isJson: boolean,
  scope: ArmScope,
  apiKey: { name: string; value: string } | undefined,
): Request['body'] {
  const parsed = parseLoosely(textOf(place) ?? '');
  if (!isJsonObject(parsed)) {
    lost(
      place,
      'This template of a body is no JSON, and has no equivalent.',
      'Write it under body.json, body.form or body.graphql.',
    );
    return { block: { json: { fillIn } }, place };
  }
  const value = bodyValue(parsed, place, scope, apiKey);
  if (isJson || !isJsonObject(value)) return { block: { json: value }, place };
  const isFlat = Object.values(value).every((one) => typeof one !== 'object');
  if (!isFlat) return { block: { json: value }, place };
  return {
    block: {
      form: Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]),
      ),
    },
    place,
  };
}

function parseLoosely(text: string): JsonValue | undefined {
  for (const candidate of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(candidate) as JsonValue; // JSON out is JSON
    } catch {
      // the next spelling
    }
  }
  return undefined;
}

function bodyValue(
  value: JsonValue,
  place: Place,
  scope: ArmScope,
  apiKey: { name: string; value: string } | undefined,
): JsonValue {
  if (Array.isArray(value)) return value.map((one) => bodyValue(one, place, scope, apiKey));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key.replace(/\{_APIKeyName\}/i, apiKey?.name ?? 'apiKey'),
        bodyValue(one, place, scope, apiKey),
      ]),
    );
  }
  if (typeof value !== 'string') return value;
  const parts = value.split(/(\{\w+\})/);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      if (/^\{_APIKey\}$/i.test(part) && apiKey !== undefined) return apiKey.value;
      const known = windowText(part, scope.form);
      if (known !== undefined) return known;
      lost(place, `"${part}" in the body has no equivalent.`);
      return fillIn;
    })
    .join('');
}

function settingsOf(place: Place): Pick<Request, 'settings' | 'retry' | 'rateLimit'> {
  const seconds = numberOf(inside(place, 'timeoutInSeconds'));
  const retries = numberOf(inside(place, 'retryCount'));
  const perSecond = numberOf(inside(place, 'rateLimitQPS'));
  const config = inside(place, 'rateLimitConfig');
  const quota = isThere(config) ? quotaOf(config) : {};
  return {
    ...(seconds !== undefined && { settings: { responseTimeoutMs: seconds * 1000 } }),
    ...(retries !== undefined || quota.after !== undefined
      ? { retry: filled({ maxTries: retries === undefined ? undefined : retries + 1, after: quota.after }) }
      : {}),
    ...(perSecond !== undefined && perSecond >= 1
      ? { rateLimit: filled({ requests: perSecond, perSeconds: 1, quota: quota.quota }) }
      : {}),
  };
}

const units: { readonly [format: string]: string } = {
  unixtimeseconds: 'epoch-seconds',
  unixtimemilliseconds: 'epoch-ms',
  integer: 'seconds',
  seconds: 'seconds',
};

/** Headers of the source's own budget. */
function quotaOf(place: Place): { quota?: JsonObject; after?: JsonObject[] } {
  const headers = inside(inside(place, 'extraction'), 'headers');
  const remaining = textOf(inside(inside(headers, 'remaining'), 'name'));
  const resetPlace = inside(headers, 'reset');
  const reset = textOf(inside(resetPlace, 'name'));
  const format = textOf(inside(resetPlace, 'format'))?.toLowerCase() ?? '';
  const unit = units[format] ?? 'epoch-auto';
  place.sheet.passed.add(place.pointer);
  if (reset === undefined) return {};
  return {
    after: [{ header: reset, unit }],
    ...(remaining !== undefined && { quota: { remaining, reset, resetIn: unit, pauseBelow: 0 } }),
  };
}

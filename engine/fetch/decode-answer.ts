import { gunzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import type { Decoder } from '../descriptor/descriptor.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { parseJson } from './parse-json.ts';

/**
 * The answer's body as JSON: JSON itself, a line of JSON a row, CSV with a head line, any of them packed with gzip or in
 * a zip archive (whose files are read one after the other). NDJSON and CSV become an array of rows.
 *
 * Throws `fetch/not-json`, or `fetch/too-large` for what unpacks to more than `maxBytes`.
 */
export function decodeAnswer(
  answer: HttpAnswer,
  name: string,
  declared: readonly Decoder[] | undefined,
  maxBytes: number,
): JsonValue {
  const steps = declared ?? byContentType(answer.headers['content-type'] ?? '');
  return decode(answer, steps, { name, maxBytes });
}

type Limits = { readonly name: string; readonly maxBytes: number };

/** What is told by no type we know is taken for JSON: many sources say text or octets and send JSON. */
function byContentType(contentType: string): Decoder[] {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (/^application\/(x-)?(ndjson|jsonl|jsonlines|json-lines)$/.test(type)) return ['ndjson'];
  if (/^text\/(csv|comma-separated-values)$/.test(type)) return ['csv'];
  if (/^application\/(x-)?gzip$/.test(type)) return ['gzip', 'json'];
  if (/^application\/(x-)?zip(-compressed)?$/.test(type)) return ['zip', 'json'];
  return ['json'];
}

function decode(answer: HttpAnswer, [step = 'json', ...rest]: readonly Decoder[], limits: Limits): JsonValue {
  switch (step) {
    case 'json':
      return parseJson(answer, limits.name);
    case 'ndjson':
      return readLines(answer, limits);
    case 'csv':
      return readCsv(answer, limits);
    case 'gzip':
      return decode({ ...answer, body: gunzip(answer, limits) }, rest, limits);
    case 'zip':
      return joined(unzip(answer, limits).map((body) => decode({ ...answer, body }, rest, limits)));
    default:
      return step satisfies never;
  }
}

function readLines(answer: HttpAnswer, { name }: Limits): JsonValue[] {
  const lines = new TextDecoder().decode(answer.body).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const body = Buffer.from(line);
    try {
      return [parseJson({ ...answer, body }, name)];
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      throw error.with({ sentence: `It was line ${index + 1} of the answer.` });
    }
  });
}

function readCsv({ body, status }: HttpAnswer, { name }: Limits): JsonValue[] {
  try {
    return parseCsv<{ [column: string]: string }>(body, { columns: true, bom: true, skip_empty_lines: true });
  } catch (cause) {
    throw new FetchError('fetch/not-json', `${name} answered ${status} with CSV that cannot be read.`, {
      httpStatus: status,
      hint: 'Check that the source sends CSV with a head line and as many cells in every line.',
      cause,
    });
  }
}

function gunzip({ body, status }: HttpAnswer, { name, maxBytes }: Limits): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(name, maxBytes);
    throw notPacked(name, status, 'gzip', cause);
  }
}

function unzip({ body, status }: HttpAnswer, { name, maxBytes }: Limits): Buffer[] {
  let size = 0;
  try {
    const files = unzipSync(body, {
      filter: ({ name: file, originalSize }) => {
        size += originalSize;
        if (size > maxBytes) throw tooLarge(name, maxBytes);
        return !file.endsWith('/');
      },
    });
    return Object.values(files).map((file) => Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  } catch (cause) {
    if (cause instanceof FetchError) throw cause;
    throw notPacked(name, status, 'zip', cause);
  }
}

/** Several files of rows are one list of rows. */
function joined(parts: readonly JsonValue[]): JsonValue {
  const [first = []] = parts;
  return parts.length === 1 ? first : parts.flat();
}

function tooLarge(name: string, maxBytes: number): FetchError {
  return new FetchError('fetch/too-large', `${name} answered what unpacks to more than ${maxBytes} bytes.`, {
    hint: 'Ask for smaller pages, or raise maxPageBytes in the descriptor.',
  });
}

function notPacked(name: string, httpStatus: number, format: string, cause: unknown): FetchError {
  return new FetchError('fetch/not-json', `${name} answered ${httpStatus} with something that is not ${format}.`, {
    httpStatus,
    hint: 'Check what the source sends, and `decode` in the descriptor.',
    cause,
  });
}

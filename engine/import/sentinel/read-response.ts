import type { JsonObject } from '../../records.ts';
import { pointerOf } from '../json-path.ts';
import { flagOf, inside, isThere, itemsOf, lost, pass, type Place, textOf } from '../place.ts';

export type Response = { readonly records: string; readonly decode: string[]; readonly failedWhen: JsonObject[] };

export function readResponse(place: Place): Response {
  const [first, ...others] = itemsOf(inside(place, 'eventsJsonPaths'));
  for (const other of others)
    lost(
      other,
      'Rows in several places of one answer have no equivalent; only the first is read.',
      'Write one stream for each place.',
    );
  const path = first === undefined ? '$' : (textOf(first) ?? '$');
  const pointer = pointerOf(path.replace(/\[\*\]$/, ''));
  if (pointer === undefined) {
    lost(
      first ?? place,
      `The rows at "${path}" have no equivalent: a JSON Pointer names one list.`,
      'Give it under records; what is filtered out, the mapping can leave unmapped.',
    );
  }
  const whole = inside(place, 'convertChildPropertiesToArray');
  if (flagOf(whole)) lost(whole, 'Rows that are the values of one object have no equivalent.');
  return { records: pointer ?? '', decode: decodersOf(place), failedWhen: successOf(place) };
}

function decodersOf(place: Place): string[] {
  const format = inside(place, 'format');
  const word = (textOf(format) ?? 'json').toLowerCase();
  if (word !== 'json' && word !== 'csv')
    lost(format, `Answers in ${word} have no equivalent.`, 'There are json, ndjson and csv.');
  const algorithm = inside(place, 'compressionAlgo');
  const packed = textOf(algorithm)?.toLowerCase();
  if (packed !== undefined && packed !== '' && !packed.includes('gzip'))
    lost(algorithm, `Compression by ${packed} has no equivalent.`, 'There are gzip and zip.');
  const isGzip = flagOf(inside(place, 'isGzipCompressed')) || packed?.includes('gzip') === true;
  readCsv(place);
  if (word === 'csv') return [...(isGzip ? ['gzip'] : []), 'csv'];
  return isGzip ? ['gzip', 'json'] : [];
}

function readCsv(place: Place): void {
  const delimiter = inside(place, 'csvDelimiter');
  if (isThere(delimiter) && textOf(delimiter) !== ',')
    lost(delimiter, 'CSV with another separator than a comma has no equivalent.');
  const header = inside(place, 'hasCsvHeader');
  if (isThere(header) && !flagOf(header)) lost(header, 'CSV without a line of names has no equivalent.');
  const escape = inside(place, 'csvEscape');
  if (isThere(escape) && textOf(escape) !== '"') lost(escape, 'CSV with another quote than " has no equivalent.');
  pass(place, 'hasCsvBoundary');
}

function successOf(place: Place): JsonObject[] {
  const path = inside(place, 'successStatusJsonPath');
  const value = inside(place, 'successStatusValue');
  if (!isThere(path)) return [];
  const pointer = pointerOf(textOf(path) ?? '');
  if (pointer !== undefined && value.value !== undefined) return [{ pointer, not: [value.value] }];
  lost(path, 'This sign of success has no equivalent.', 'failedWhen of errors.yaml names a place and its good values.');
  return [];
}

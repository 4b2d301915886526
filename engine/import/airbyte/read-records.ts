import type { ImportedStream } from '../imported.ts';
import { pointerTo } from '../../json-pointer.ts';
import { inside, isThere, itemsOf, lost, needless, otherwise, pass, type Place, textOf } from '../place.ts';

/** Where the rows of an answer lie, from a record selector. */
export function readRecords(place: Place): ImportedStream['records'] {
  const filter = inside(place, 'record_filter');
  if (isThere(filter)) {
    lost(
      filter,
      'Rows cannot be filtered: every row that the source gives becomes a record.',
      'Ask the source for less, in the query.',
    );
  }
  const normalization = inside(place, 'schema_normalization');
  if (isThere(normalization))
    needless(normalization, 'Rows are not made to fit the schema; the mapping says what becomes of each field.');
  pass(place, 'transform_before_filtering');
  return pointerOfExtractor(inside(place, 'extractor'));
}

export function pointerOfExtractor(place: Place): ImportedStream['records'] {
  const type = textOf(inside(place, 'type')) ?? 'DpathExtractor';
  if (type !== 'DpathExtractor') {
    lost(
      place,
      `The extractor ${type} is code of its own and has no equivalent.`,
      'Give the stream its records yourself.',
    );
    return '';
  }
  const steps = itemsOf(inside(place, 'field_path')).map((one) => textOf(one) ?? '');
  const computed = steps.find((step) => step.includes('{{'));
  if (computed !== undefined) {
    lost(
      inside(place, 'field_path'),
      'A path to the rows that is computed has no equivalent.',
      'Give the JSON Pointer to the rows under records.',
    );
    return '';
  }
  const star = steps.indexOf('*');
  if (star === -1) return pointerTo(steps);
  const [before, after] = [steps.slice(0, star), steps.slice(star + 1)];
  if (after.length === 0) return pointerTo(before);
  if (after.includes('*')) {
    lost(inside(place, 'field_path'), 'Rows in lists inside lists have no equivalent.');
    return pointerTo(before);
  }
  otherwise(
    inside(place, 'field_path'),
    `Each item of the lists at ${pointerTo(after)} becomes a row.`,
    'If a single object lies there, let the mapping read it from the outer row.',
  );
  return { kind: 'explode', pointer: pointerTo(before), items: pointerTo(after) };
}

/** Fields that a manifest takes out are dropped before mapping; all else that it does to rows is left to the mapping. */
export function readTransformations(place: Place): { [field: string]: string } {
  const dropped: { [field: string]: string } = {};
  for (const one of itemsOf(place)) {
    const type = textOf(inside(one, 'type')) ?? '';
    const pointers = itemsOf(inside(one, 'field_pointers')).map((path) =>
      itemsOf(path).map((step) => textOf(step) ?? ''),
    );
    const isPlain = pointers.every((path) => path.length === 1) && !isThere(inside(one, 'condition'));
    if (type === 'RemoveFields' && isPlain) {
      for (const [field = ''] of pointers) dropped[field] = 'The imported manifest took it out.';
      continue;
    }
    pass(one);
    lost(
      one,
      `The transformation ${type} is not carried.`,
      'What becomes of a field is said in the mapping of the stream.',
    );
  }
  return dropped;
}

/** The decoders, outermost first; nothing for JSON. */
export function readDecoders(place: Place): string[] {
  if (!isThere(place)) return [];
  const type = textOf(inside(place, 'type')) ?? '';
  const inner = inside(place, 'decoder');
  switch (type) {
    case 'JsonDecoder':
      return [];
    case 'JsonlDecoder':
      return ['ndjson'];
    case 'CsvDecoder': {
      const delimiter = inside(place, 'delimiter');
      if (isThere(delimiter) && textOf(delimiter) !== ',')
        lost(delimiter, 'CSV with another separator than a comma has no equivalent.');
      const encoding = inside(place, 'encoding');
      if (isThere(encoding) && !/^utf-?8$/i.test(textOf(encoding) ?? ''))
        lost(encoding, 'CSV in another encoding than UTF-8 has no equivalent.');
      return ['csv'];
    }
    case 'GzipDecoder':
    case 'ZipfileDecoder': {
      const below = readDecoders(inner);
      return [type === 'GzipDecoder' ? 'gzip' : 'zip', ...(below.length === 0 ? ['json'] : below)];
    }
    default:
      lost(
        place,
        `The decoder ${type === '' ? 'without a type' : type} has no equivalent.`,
        'There are json, ndjson, csv, gzip and zip.',
      );
      return [];
  }
}

export function readPrimaryKey(place: Place): string[] {
  const keys = itemsOf(place).map((one) =>
    Array.isArray(one.value) ? itemsOf(one).map((step) => textOf(step) ?? '') : [textOf(one) ?? ''],
  );
  const nested = keys.find((path) => path.length > 1);
  if (nested === undefined) return keys.flat().filter((key) => key !== '');
  lost(
    place,
    `A key inside another field (${nested.join('.')}) has no equivalent; rows are known by their whole content.`,
  );
  return [];
}

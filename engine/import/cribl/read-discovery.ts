import { isJsonObject, type JsonValue } from '../../records.ts';
import { flagOf, inside, isThere, itemsOf, lost, otherwise, pass, type Place, textOf } from '../place.ts';
import { slugOf } from '../stream-names.ts';

/** What a collector does before it collects: nothing, a request that gives items, or a list that stands in the file. */
export type Discovery =
  | { readonly kind: 'none' }
  | { readonly kind: 'request' }
  /** Name → value of one item, and what is added to the stream's name. */
  | {
      readonly kind: 'items';
      readonly items: readonly { readonly suffix: string; readonly values: { readonly [name: string]: string } }[];
    };

/** A list of so many items becomes so many streams. */
const mostStreams = 20;

export function readDiscovery(place: Place): Discovery {
  const type = textOf(inside(place, 'discoverType')) ?? 'none';
  switch (type) {
    case 'none':
      pass(place);
      return { kind: 'none' };
    case 'http': {
      const code = inside(place, 'formatResultCode');
      if (flagOf(inside(place, 'enableDiscoverCode')))
        lost(
          isThere(code) ? code : inside(place, 'enableDiscoverCode'),
          'Code that reshapes what was discovered has no equivalent.',
          'Every row of the parent stream leads to one request.',
        );
      pass(place, 'formatResultCode');
      return { kind: 'request' };
    }
    case 'list':
      return listed(
        inside(place, 'itemList'),
        itemsOf(inside(place, 'itemList')).map((one) => ({ id: textOf(one) ?? '' })),
      );
    case 'json':
      return fromJson(place);
    default:
      lost(place, `Discovery of type ${type} has no equivalent.`);
      return { kind: 'none' };
  }
}

function listed(place: Place, items: readonly { readonly [name: string]: string }[]): Discovery {
  if (items.length > mostStreams) {
    lost(
      place,
      `A list of more than ${mostStreams} items has no equivalent.`,
      'Write one stream for each, or a parent stream that gives them.',
    );
    return { kind: 'none' };
  }
  otherwise(place, `One stream for each of the ${items.length} items.`);
  return {
    kind: 'items',
    items: items.map((values, index) => ({
      suffix: slugOf(values.id ?? '') ?? (values.id ?? String(index + 1)).replace(/[^a-z0-9]+/gi, '-'),
      values,
    })),
  };
}

function fromJson(place: Place): Discovery {
  const result = inside(place, 'manualDiscoverResult');
  const field = textOf(inside(place, 'discoverDataField')) ?? '';
  const parsed = parse(textOf(result) ?? '');
  const at =
    field === ''
      ? parsed
      : field
          .split('.')
          .reduce<JsonValue | undefined>((one, key) => (isJsonObject(one) ? one[key] : undefined), parsed);
  if (!Array.isArray(at)) {
    lost(
      result,
      'What is discovered is not told as a list of items, and has no equivalent.',
      'Write one stream for each item.',
    );
    return { kind: 'none' };
  }
  return listed(result, at.map(textsOfItem));
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // JSON out is JSON
  } catch {
    return undefined;
  }
}

function textsOfItem(item: JsonValue): { [name: string]: string } {
  if (!isJsonObject(item)) return { id: scalarText(item) };
  const texts = Object.entries(item).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(texts.map(([name, value]) => [name, scalarText(value)]));
}

function scalarText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

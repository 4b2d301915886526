import type { JsonObject } from '../../records.ts';
import { pointerTo } from '../../json-pointer.ts';
import { flagOf, inside, isThere, itemsOf, lost, otherwise, type Place, textOf } from '../place.ts';
import { slugOf } from '../stream-names.ts';

/** One way in which a stream is asked: once for each row of a parent, or once for a value of a list. */
export type Partition = {
  /** Added to the stream's name. */
  readonly suffix?: string;
  /** Names in expressions → our text. */
  readonly values: { readonly [key: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly [pointer: string]: string };
  readonly parent?: { readonly place: Place; readonly block: JsonObject };
};

const whole: Partition = { values: {}, query: {}, body: {} };

/** A list of so many values becomes so many streams. */
const mostStreams = 20;

export function readPartitions(place: Place): Partition[] {
  const [router, ...others] = itemsOf(place);
  if (router === undefined || !isThere(router)) return [whole];
  for (const other of others)
    lost(other, 'Of several partition routers only the first is carried.', 'A stream has one parent.');
  const type = textOf(inside(router, 'type'));
  if (type === 'SubstreamPartitionRouter') return [ofParent(router)];
  if (type === 'ListPartitionRouter') return ofList(router);
  lost(
    router,
    `The partition router ${type ?? 'without a type'} has no equivalent.`,
    'A stream is asked for once, or once for each row of a parent.',
  );
  return [whole];
}

function ofParent(router: Place): Partition {
  const [config, ...others] = itemsOf(inside(router, 'parent_stream_configs'));
  for (const other of others)
    lost(other, 'Of several parent streams only the first is carried.', 'A stream has one parent.');
  if (config === undefined) return whole;
  const parentKey = inside(config, 'parent_key');
  const key = textOf(parentKey) ?? 'id';
  if (key.includes('{')) lost(parentKey, 'A key of the parent that is computed has no equivalent.');
  const field = textOf(inside(config, 'partition_field')) ?? key;
  const value = `{parent.${key}}`;
  const extra = itemsOf(inside(config, 'extra_fields')).map((path) => itemsOf(path).map((step) => textOf(step) ?? ''));
  const lazy = inside(config, 'lazy_read_pointer');
  if (itemsOf(lazy).length > 0)
    lost(
      lazy,
      'Children that lie inside their parent need no request of their own.',
      'records of kind explode takes them out of the parent.',
    );
  const incremental = inside(config, 'incremental_dependency');
  if (flagOf(incremental))
    otherwise(incremental, 'Every run reads the children of all the rows that the parent gives in it.');
  const carried = extra.filter((path) => path.length > 0);
  const { query, body } = injected(inside(config, 'request_option'), value);
  return {
    values: {
      [field]: value,
      ...Object.fromEntries(carried.map((path) => [`extra_fields.${path.join('.')}`, `{parent.${path.join('.')}}`])),
    },
    query,
    body,
    parent: {
      place: inside(config, 'stream'),
      block:
        carried.length === 0
          ? {}
          : { carry: [...new Set([key.split('.')[0] ?? key, ...carried.flatMap((path) => path.slice(0, 1))])] },
    },
  };
}

function ofList(router: Place): Partition[] {
  const values = inside(router, 'values');
  const listed = Array.isArray(values.value) ? itemsOf(values).map((one) => textOf(one) ?? '') : undefined;
  const field = textOf(inside(router, 'cursor_field')) ?? '';
  if (listed === undefined || listed.length > mostStreams || listed.some((one) => one.includes('{{'))) {
    lost(
      values,
      `A list of values that is computed, or of more than ${mostStreams}, has no equivalent.`,
      'Write one stream for each value.',
    );
    return [whole];
  }
  otherwise(router, `One stream for each of the ${listed.length} values.`);
  return listed.map((value) => ({
    suffix: slugOf(value) ?? value.replace(/[^a-z0-9]+/gi, '-'),
    values: { [field]: value },
    ...injected(inside(router, 'request_option'), value),
  }));
}

function injected(place: Place, value: string): Pick<Partition, 'query' | 'body'> {
  if (!isThere(place)) return { query: {}, body: {} };
  const name = textOf(inside(place, 'field_name')) ?? '';
  const path = itemsOf(inside(place, 'field_path')).map((one) => textOf(one) ?? '');
  switch (textOf(inside(place, 'inject_into')) ?? '') {
    case 'request_parameter':
      return { query: { [name]: value }, body: {} };
    case 'body_json':
    case 'body_data':
      return { query: {}, body: { [pointerTo(path.length > 0 ? path : [name])]: value } };
    default:
      lost(place, 'The value of a partition in a header has no equivalent.');
      return { query: {}, body: {} };
  }
}

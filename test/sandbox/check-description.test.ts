import { describe, expect, it } from 'vitest';
import { serve } from './vendor-sandbox.ts';

const vendor = (routes: string, collection: string): string => `
formatVersion: 1
connection: { url: '{origin}' }
routes: { ${routes} }
collections: { log: { ${collection} } }
`;
const log = 'key: id, order: _at, fields: { id: { uuid: true }, _at: { series: [3, 0] } }';
const list = (more: string): string => `log: { path: /log, answer: { kind: list, collection: log, ${more} } }`;

describe('a description that says what cannot be', () => {
  it.each([
    [
      'a filter over no field',
      vendor(list('filters: [{ parameter: since, field: _att }]'), log),
      /filters\/0\/field: "_att" is no field/,
    ],
    ['hiding by no field', vendor(list('hides: { status: [gone] }'), log), /hides\/status: "status" is no field/],
    ['a key that is no field', vendor(list(''), log.replace('key: id', 'key: uid')), /log\/key: "uid" is no field/],
    [
      'an order that is no field',
      vendor(list(''), log.replace('order: _at', 'order: at')),
      /log\/order: "at" is no field/,
    ],
    ['an order that does not grow', vendor(list(''), log.replace('order: _at', 'order: id')), /"id" does not grow/],
    [
      'the status of no job',
      vendor('s: { path: "/s/{job}", answer: { kind: job-status, of: export, body: {} } }', log),
      /there is no job "export"/,
    ],
    [
      'children of nobody',
      vendor(list(''), `each: { collection: people, count: [0, 1] }, ${log}`),
      /"people" is no collection before/,
    ],
    ['an answer of no kind', vendor('s: { path: /s, answer: { kind: lists } }', log), /wrong at \/routes\/s\/answer/],
    ['a key of another kind of answer', vendor(list('ids: /ids'), log), /wrong at \/routes\/log\/answer/],
  ])('%s is refused at its place', async (_, yaml, message) => {
    await expect(serve(yaml)).rejects.toThrow(message);
  });
});

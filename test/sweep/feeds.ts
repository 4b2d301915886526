import { acmeDescriptor } from '../support/scratch-integration.ts';
import type { SourceServer } from '../support/source-server.ts';

/** One kind of stream for the sweep: its YAML, and a source that answers it the same each time. */
export type SweptFeed = {
  readonly kind: string;
  readonly streams: string;
  /** What the source holds at first, and after a second batch has come. */
  serve(server: SourceServer, batches: 1 | 2): void;
};

type Row = { id: string; name: string; mfa: boolean | string; at: string };

/** Every seventh is of the wrong type, so that there is something to reject. */
function rows(from: number, to: number): Row[] {
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const at = new Date(number < first ? start + number * 3_600_000 : late + number * 1000).toISOString();
    return { id: `p-${number}`, name: `person${number}@acme.example`, mfa: number % 7 === 3 ? 'perhaps' : true, at };
  });
}

/** The first batch lies hours apart; the second one comes late: before the end of the first run, within the overlap. */
const start = Date.now() - 40 * 3_600_000;
const late = Date.now() - 300_000;
const first = 30;
const both = 45;

/** How many rows a source has told after so many batches. */
export function rowsAfter(batches: 1 | 2): number {
  return batches === 1 ? first : both;
}

const common =
  'summary: Log., class: user_inventory, mapping: people.jsonata, records: { kind: rows, pointer: /items }';

function paged(
  server: SourceServer,
  path: string,
  all: readonly Row[],
  last: (at: number) => object = () => ({}),
): void {
  server.on(path, ({ query }) => {
    const at = Number(query['at'] ?? 0);
    const items = all.slice(at, at + 8);
    const more = at + 8 < all.length;
    return { body: { items, ...(more ? { next: `${path}?at=${at + 8}` } : last(at + items.length)) } };
  });
}

export const sweptFeeds: readonly SweptFeed[] = [
  {
    kind: 'snapshot',
    streams: `  log: { ${common}, path: /log, pagination: { kind: next-link, pointer: /next }, primaryKey: [id] }\n`,
    serve: (server, batches) => paged(server, '/log', rows(0, rowsAfter(batches))),
  },
  {
    kind: 'windowed',
    streams: `  log: { ${common}, path: "/log?from={from.iso}&to={to.iso}", pagination: { kind: offset, parameter: at, pageSize: 4 }, cursor: { kind: time, lookback: 3d, step: 4h, overlap: 10m } }\n`,
    serve(server, batches) {
      const all = rows(0, rowsAfter(batches));
      server.on('/log', ({ query }) => {
        const [from = 0, to = 0] = [query['from'], query['to']].map((time) => Date.parse(time ?? ''));
        const at = Number(query['at'] ?? 0);
        const found = all.filter((row) => Date.parse(row.at) >= from && Date.parse(row.at) <= to);
        return { body: { items: found.slice(at, at + 4) } };
      });
    },
  },
  {
    kind: 'endless',
    streams: `  log: { ${common}, path: "/log?since={from.iso}", pagination: { kind: next-link, pointer: /next }, cursor: { kind: next-link, lookback: 3d, field: /at } }\n`,
    serve(server, batches) {
      const all = rows(0, rowsAfter(batches));
      server.on('/log', ({ query }) => {
        const at = Number(query['after'] ?? 0);
        const items = all.slice(at, at + 6);
        return { body: { items, next: `/log?after=${at + items.length}` } };
      });
    },
  },
  {
    kind: 'delta',
    streams: `  log: { ${common}, path: /log, pagination: { kind: next-link, pointer: /next }, cursor: { kind: delta-link, pointer: /delta, removed: /gone } }\n`,
    serve(server, batches) {
      const delta = (path: string) => () => ({ delta: path });
      paged(server, '/log', rows(0, first), delta('/log/1'));
      paged(server, '/log/1', batches === 1 ? [] : rows(first, both), delta(batches === 1 ? '/log/1' : '/log/2'));
      paged(server, '/log/2', [], delta('/log/2'));
    },
  },
  {
    kind: 'job',
    streams: `  log: { ${common}, path: /export, method: POST, primaryKey: [id], pagination: { kind: job, create: { id: /job }, status: { path: "/export/{job}/status", state: /state, done: [DONE], failed: [ERROR], chunks: /chunks }, chunk: { path: "/export/{job}/chunks/{chunk}" } } }\n`,
    serve(server, batches) {
      const all = rows(0, rowsAfter(batches));
      const chunks = Array.from({ length: Math.ceil(all.length / 10) }, (_, index) => index + 1);
      server.on('/export', { body: { job: 'j1' } });
      server.on('/export/j1/status', { body: { state: 'DONE', chunks } });
      for (const chunk of chunks)
        server.on(`/export/j1/chunks/${chunk}`, { body: { items: all.slice((chunk - 1) * 10, chunk * 10) } });
    },
  },
  {
    kind: 'child',
    streams: `  groups: { summary: Groups., class: base_event, mapping: people.jsonata, default: off, path: /groups, records: { kind: rows, pointer: /items }, primaryKey: [id] }
  log: { ${common}, path: "/groups/{parent.id}/people", primaryKey: [id], parent: { stream: groups, carry: [id] } }\n`,
    serve(server, batches) {
      const all = rows(0, rowsAfter(batches));
      const groups = Array.from({ length: Math.ceil(all.length / 10) }, (_, index) => ({ id: `g${index}` }));
      server.on('/groups', { body: { items: groups } });
      for (const [index, { id }] of groups.entries())
        server.on(`/groups/${id}/people`, { body: { items: all.slice(index * 10, index * 10 + 10) } });
    },
  },
];

export function sweptDescriptor({ streams }: SweptFeed): string {
  return acmeDescriptor({ streams });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import { readPages } from '../../engine/fetch/read-pages.ts';
import { httpClient, readOptions } from '../support/fetch-options.ts';
import { json, type SourceServer, startSourceServer } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;
beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
});
afterEach(async () => {
  http.close();
  await source.close();
});

describe('reading pages', () => {
  it('follows next links to the last page', async () => {
    source.on('/users', json({ value: [{ id: 1 }], next: '/users2?$skiptoken=a%20b' }));
    source.on('/users2', json({ value: [{ id: 2 }] }));
    const rows = [];
    for await (const page of readPages(
      readOptions({ url: source.url('/users?$top=1'), http, pagination: { kind: 'next-link', pointer: '/next' } }),
    ))
      rows.push(...page.rows);
    expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
    expect(source.requests.map(({ path }) => path)).toEqual(['/users?$top=1', '/users2?$skiptoken=a%20b']);
  });
});

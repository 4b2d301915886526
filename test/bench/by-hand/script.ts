import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import type { UserRow } from '../rows.ts';
import { completeUser } from './complete-user.ts';
import { mapUser } from './map-user.ts';

/**
 * What an engineer writes in an afternoon for this one list, and what the engine is measured against:
 * `node script.js ORIGIN TENANT FILE`. It fetches, maps, completes and writes the same bytes; it checks nothing, retries
 * nothing, paces nothing, remembers nothing and accounts for nothing.
 */
const [origin = '', tenantId = '', path = ''] = process.argv.slice(2);

type Page = { value: UserRow[]; '@odata.nextLink'?: string };

const login = await fetch(`${origin}/${tenantId}/oauth2/v2.0/token`, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'bench',
    client_secret: 'bench',
    scope: `${origin}/.default`,
  }),
});
const { access_token: token } = (await login.json()) as { access_token: string };
const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };

const collection = 'reports/authenticationMethods/userRegistrationDetails';
const surroundings = {
  connection: { tenantId, graphUrl: origin },
  stream: { apiVersion: 'v1.0', path: collection },
};
const runId = randomUUID();
const file = await open(`${path}.part`, 'w');
const first = `${origin}/v1.0/${collection}?$top=999`;
for (let url: string | undefined = first; url !== undefined; ) {
  const answer: Response = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  const page = (await answer.json()) as Page;
  const receivedAt = Date.now();
  let lines = '';
  for (const row of page.value) {
    const record = completeUser(row, mapUser(row, surroundings), { tenantId, runId, receivedAt });
    lines += `${JSON.stringify(record)}\n`;
  }
  await file.appendFile(lines);
  url = page['@odata.nextLink'];
}
await file.sync();
await file.close();
await rename(`${path}.part`, path);

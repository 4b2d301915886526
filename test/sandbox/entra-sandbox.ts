import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { SandboxOptions } from '../../engine/sandbox/sandbox-options.ts';
import { type Sandbox, startSandbox } from '../../engine/sandbox/start-sandbox.ts';

const root = join(import.meta.dirname, '../..');

export type Options = Omit<SandboxOptions, 'description' | 'schema'>;

export async function readDescription(): Promise<unknown> {
  return parse(await readFile(join(root, 'integrations/microsoft-entra-mfa/sandbox/sandbox.yaml'), 'utf8'));
}

export async function readSchema(): Promise<unknown> {
  return JSON.parse(await readFile(join(root, 'schemas/sandbox.schema.json'), 'utf8'));
}

/** Read once for all tests of a file. */
const files = Promise.all([readDescription(), readSchema()]);

/** A small Entra stand-in that ends with the test. */
export async function openSandbox(options: Options = {}): Promise<Sandbox> {
  const [description, schema] = await files;
  const sandbox = await startSandbox({ scale: 50, ...options, description, schema });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export type Form = { readonly [field: string]: string | undefined };

/** Asks for a token with node's own fetch; `form` replaces fields, `undefined` takes one away. */
export async function askForToken(
  { connection }: Sandbox,
  form: Form = {},
  {
    tenantId = connection['tenantId'] ?? '',
    headers = {},
  }: { tenantId?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: connection['clientId'],
    client_secret: connection['clientSecret'],
    scope: `${connection['graphUrl'] ?? ''}/.default`,
    ...form,
  };
  const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  const response = await fetch(`${connection['loginUrl'] ?? ''}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(sent).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  return { status: response.status, body: readJson(await response.text()), headers: response.headers };
}

/** What the tests read of a row; every other field stands under its name as well. */
export type Row = { readonly [field: string]: unknown } & {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly userDisplayName: string;
  readonly methodsRegistered: readonly string[];
  readonly lastUpdatedDateTime: string;
  readonly eventDateTime: string;
  readonly authMethod: string;
  readonly displayName: string | null;
  readonly alternativeSecurityIds: readonly object[];
  readonly userRegistrationCounts: readonly object[];
};

/** What the tests read of a body. A body that lacks it fails the test that reads it. */
export type Body = {
  readonly value: readonly Row[];
  readonly '@odata.nextLink': string | undefined;
  readonly error: { readonly code: string; readonly message: string };
  readonly error_codes: readonly number[];
  readonly error_description: string;
  readonly timestamp: string;
  readonly access_token: string;
  readonly totalUserCount: number;
  readonly userRegistrationFeatureCounts: readonly object[];
  readonly userRegistrationMethodCounts: readonly object[];
};

export type Reply = { readonly status: number; readonly body: Body; readonly headers: Headers };

export type Client = (pathOrUrl: string, headers?: Record<string, string>, method?: string) => Promise<Reply>;

/** A client with a good token. */
export async function connect(sandbox: Sandbox): Promise<Client> {
  const { body } = await askForToken(sandbox);
  return async (pathOrUrl, headers = {}, method = 'GET') => {
    const response = await fetch(new URL(pathOrUrl, sandbox.origin), {
      method,
      headers: { authorization: `Bearer ${body.access_token}`, ...headers },
      redirect: 'manual',
    });
    return { status: response.status, body: readJson(await response.text()), headers: response.headers };
  };
}

/** All rows, by following the links as they come. */
export async function readAll(client: Client, path: string): Promise<{ rows: Row[]; pages: Body[] }> {
  const pages: Body[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { body }: Reply = await client(next);
    pages.push(body);
    next = body['@odata.nextLink'];
  }
  return { rows: pages.flatMap(({ value }) => value), pages };
}

function readJson(text: string): Body {
  // The shape is what the tests are about; they assert what they read.
  return JSON.parse(text) as Body;
}

export const paths = {
  users: '/v1.0/reports/authenticationMethods/userRegistrationDetails',
  byFeature: '/v1.0/reports/authenticationMethods/usersRegisteredByFeature',
  byMethod: '/v1.0/reports/authenticationMethods/usersRegisteredByMethod',
  usageDetails: '/beta/reports/userCredentialUsageDetails',
  registrationCount: '/beta/reports/getCredentialUserRegistrationCount',
  usageSummary: "/beta/reports/getCredentialUsageSummary(period='D30')",
  devices: '/v1.0/devices',
  events: '/beta/reports/authenticationMethods/userEventsSummary',
} as const;

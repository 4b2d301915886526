import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject, JsonValue } from '../../engine/records.ts';
import { type Sandbox, startSandbox } from '../../engine/sandbox/start-sandbox.ts';
import { type Options, readSchema } from './entra-sandbox.ts';

const schema = readSchema();

/** The stand-in of an invented vendor, described in YAML, that ends with the test. */
export async function serve(yaml: string, options: Options = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ...options, description: parse(yaml), schema: await schema });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export type VendorReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a body that is an object. */
  readonly body: JsonObject;
  /** Of a body that is an array. */
  readonly rows: readonly Row[];
};

/** Every test row has an id; the rest it asserts. */
export type Row = JsonObject & { readonly id: string };

export async function ask(
  { origin }: Sandbox,
  pathOrUrl: string,
  { body, ...init }: Omit<RequestInit, 'body'> & { readonly body?: JsonValue } = {},
): Promise<VendorReply> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(new URL(pathOrUrl, origin), { redirect: 'manual', ...sent, ...init, headers });
  const text = await response.text();
  const parsed = readJson(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    // The shape is what the tests are about; they assert what they read.
    body: (Array.isArray(parsed) ? {} : parsed) as JsonObject,
    rows: (Array.isArray(parsed) ? parsed : []) as Row[],
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const ids = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

/** The text under a name of a body. */
export function textAt({ body }: VendorReply, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new TypeError(`The answer has no text ${name}.`);
  return value;
}

/** The rows under a name of a body. */
export function rowsAt({ body }: VendorReply, name: string): readonly Row[] {
  // As above.
  return body[name] as Row[];
}

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Places } from '../../engine/index.ts';

const root = join(import.meta.dirname, '../..');
export const schemasDir = join(root, 'schemas');
export const shippedPlaces: Places = { integrationsDirs: [join(root, 'integrations')], schemasDir };

/** A folder that ends with the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An integration of an invented vendor, written to disk: path inside its folder → text. */
export async function scratchIntegration(name: string, files: { readonly [path: string]: string }): Promise<Places> {
  const dir = await scratchFolder();
  for (const [path, text] of Object.entries(files)) {
    const full = join(dir, name, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
  }
  return { integrationsDirs: [dir], schemasDir };
}

/** A shipped integration whose descriptor is changed, for example to retry without delay. */
export async function changedIntegration(name: string, change: (descriptor: string) => string): Promise<Places> {
  const dir = await scratchFolder();
  await cp(join(root, 'integrations', name), join(dir, name), { recursive: true });
  const path = join(dir, name, 'integration.yaml');
  await writeFile(path, change(await readFile(path, 'utf8')));
  return { integrationsDirs: [dir], schemasDir };
}

/** Retries that cost a test no time. */
export const quickRetry = 'retry: { maxTries: 4, baseDelayMs: 1, maxDelayMs: 2 }';

/** A vendor with one list of people, read page by page; `streams` and `more` are YAML to put in place or to add. */
export function acmeDescriptor({ streams = acmePeople, more = '' }: { streams?: string; more?: string } = {}): string {
  return `formatVersion: 1
name: acme
title: Acme Directory
summary: People of the invented Acme Directory.
product: { vendorName: Acme, name: Acme Directory }
ocsf: { version: 1.5.0 }
connection:
  required: [url]
  properties:
    url: { title: Address, format: base-url }
    token: { title: Token, secret: true }
baseUrl: "{url}"
auth: { kind: none }
${quickRetry}
${more}
streams:
${streams}`;
}

/** A folder with that integration alone, whose streams share one mapping. */
export function acmeIntegration(descriptor = acmeDescriptor()): Promise<Places> {
  return scratchIntegration('acme', { 'integration.yaml': descriptor, 'mappings/people.jsonata': peopleMapping });
}

export const acmePeople = `  people:
    summary: One record a person.
    path: /people
    records: { kind: rows, pointer: /items }
    pagination: { kind: next-link, pointer: /next }
    primaryKey: [id]
    class: user_inventory
`;

export const peopleMapping = `{
  "activity_id": 2,
  "severity_id": 1,
  "user": { "uid": id, "name": name, "has_mfa": mfa },
  "unmapped": $sift($, function($v, $k) { $not($k in ["id", "name", "mfa"]) })
}
`;

export type Person = { id: string; name: string; mfa?: unknown; [field: string]: unknown };

export function person(number: number, more: Partial<Person> = {}): Person {
  return { id: `p-${number}`, name: `person${number}@acme.example`, mfa: number % 2 === 0, ...more };
}

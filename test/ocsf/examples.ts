import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckerRequest } from '../../engine/ocsf/check-record.ts';
import type { RecordContext } from '../../engine/ocsf/complete-record.ts';
import type { JsonObject, JsonValue } from '../../engine/records.ts';

export const schemasDir = join(import.meta.dirname, '..', '..', 'schemas');

/** Whole records of OCSF 1.5.0 with invented values, and what a mapping of each would leave to the engine. */
export const examples = {
  'user-registration': { className: 'user_inventory', profiles: ['cloud'] },
  'credential-usage': { className: 'user_inventory', profiles: [] },
  device: { className: 'inventory_info', profiles: [] },
  'registration-counts': { className: 'base_event', profiles: [] },
} as const;

export type ExampleName = keyof typeof examples;

export const exampleNames = Object.keys(examples) as ExampleName[]; // the keys of a literal

export function example(name: ExampleName): JsonObject {
  const text = readFileSync(join(import.meta.dirname, 'examples', `${name}.json`), 'utf8');
  return JSON.parse(text) as JsonObject; // our own file
}

const filledIn = new Set([
  ...['class_uid', 'class_name', 'category_uid', 'category_name', 'activity_name', 'type_uid', 'type_name'],
  ...['metadata', 'observables'],
]);

/** The record as a mapping would give it: without anything the engine can fill in. */
export function bareExample(name: ExampleName): Candidate {
  const whole = example(name);
  const { original_time, event_code } = whole.metadata as JsonObject; // every example has metadata
  const rest = Object.entries(whole).filter(([key]) => !filledIn.has(key) || isOwnWord(whole, key));
  return { ...withoutCaptions(Object.fromEntries(rest)), metadata: { original_time, event_code } };
}

/** A record as mappings give them, unchecked. */
export type Candidate = { [key: string]: unknown };

/** The caption of 99 is the source's own, and follows from nothing. */
function isOwnWord(record: JsonObject, key: string): boolean {
  return key === 'activity_name' && record.activity_id === 99;
}

/** The context that makes the example's own metadata. */
export function contextOf(name: ExampleName): RecordContext {
  const { metadata, time } = example(name) as { metadata: Metadata; time: number }; // our own file
  return {
    origin: { integration: 'invented', stream: name, page: 1, row: 1 },
    uid: metadata.uid,
    defaultTimeMs: time,
    loggedTimeMs: metadata.logged_time,
    processedTimeMs: metadata.processed_time ?? metadata.logged_time,
    correlationUid: metadata.correlation_uid ?? 'run-1',
    tenantUid: metadata.tenant_uid,
    product: {
      vendorName: metadata.product.vendor_name,
      name: metadata.product.name,
      version: metadata.product.version,
      feature: metadata.product.feature.name,
    },
    logProvider: metadata.log_provider,
    logName: metadata.log_name,
    logVersion: metadata.log_version,
    eventCode: metadata.event_code,
    labels: [],
  };
}

export function requestFor(name: ExampleName, change: Partial<CheckerRequest> = {}): CheckerRequest {
  const { className, profiles } = examples[name];
  return { schemasDir, nativeVersion: '1.5.0', targetVersion: '1.5.0', className, profiles, ...change };
}

type Metadata = {
  uid: string;
  logged_time: number;
  processed_time?: number;
  correlation_uid?: string;
  tenant_uid: string;
  product: { vendor_name: string; name: string; version: string; feature: { name: string } };
  log_provider: string;
  log_name: string;
  log_version: string;
  event_code: string;
};

/** Takes out the text beside every id but 99. */
function withoutCaptions(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => typeof record[`${key}_id`] !== 'number' || record[`${key}_id`] === 99)
      .map(([key, value]) => [key, isRecord(value) ? withoutCaptions(value) : value]),
  );
}

function isRecord(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';

/** The formats of other tools that are read. */
export const formats = {
  airbyte: 'an Airbyte low-code manifest',
  sentinel: 'a Sentinel codeless connector',
  cribl: 'a Cribl REST collector',
} as const;

export type Format = keyof typeof formats;

/** What a file looks like, by the blocks it holds; `undefined` if like nothing we know. */
export function guessFormat(value: unknown): Format | 'openapi' | 'sluice' | undefined {
  const root = value as JsonValue; // parsed YAML
  const first = Array.isArray(root) ? root[0] : root;
  if (!isJsonObject(first)) return undefined;
  if ('openapi' in first || 'swagger' in first) return 'openapi';
  if ('formatVersion' in first && 'streams' in first) return 'sluice';
  if (first.type === 'DeclarativeSource') return 'airbyte';
  if (('streams' in first || 'dynamic_streams' in first) && ('definitions' in first || 'check' in first))
    return 'airbyte';
  if (isCollector(first) || Object.values(first).some((one) => isJsonObject(one) && isCollector(one))) return 'cribl';
  return isPoller(root, 0) ? 'sentinel' : undefined;
}

function isCollector(value: JsonObject): boolean {
  if ('collectUrl' in value) return true;
  return isJsonObject(value.collector) && ('conf' in value.collector || 'type' in value.collector);
}

function isPoller(value: JsonValue, depth: number): boolean {
  if (depth > 12) return false;
  if (Array.isArray(value)) return value.some((one) => isPoller(one, depth + 1));
  if (!isJsonObject(value)) return false;
  if (typeof value.kind === 'string' && /^(RestApiPoller|APIPolling)$/i.test(value.kind)) return true;
  const keys = new Set(Object.keys(value).map((key) => key.trim().toLowerCase()));
  if (keys.has('request') && keys.has('response') && (keys.has('auth') || keys.has('paging'))) return true;
  return Object.values(value).some((one) => isPoller(one, depth + 1));
}

import { stringify } from 'yaml';
import type { JsonValue } from '../records.ts';

/** A value as YAML on one line, `{ key: [a, b] }`, quoted where a reader of YAML would take it for something else. */
export function inlineYaml(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return stringify(value, { lineWidth: 0 }).trimEnd();
  const fields = Object.entries(value).map(([key, inner]) => `${inFlow(key)}: ${inFlow(inner)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** Between brackets more has to be quoted, such as a comma; the package does it where it sees the brackets. */
function inFlow(value: JsonValue): string {
  if (typeof value === 'object' && value !== null) return inlineYaml(value);
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trimEnd()
    .slice(1, -1);
}

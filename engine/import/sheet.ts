import type { YamlFile } from '../descriptor/yaml-file.ts';
import { childPointer, pointerKeys } from '../json-pointer.ts';
import { isJsonObject, type JsonValue } from '../records.ts';
import type { Place } from './place.ts';

/** The whole of a file whose values stand where they are read. */
export function openSheet(file: YamlFile, anyCase: boolean): Place {
  const value = file.value as JsonValue; // a parsed YAML file of the core schema holds nothing else
  return {
    value,
    pointer: '',
    sheet: {
      file: file.file,
      locate: (pointer) => file.locate(nearest(value, pointer)),
      anyCase,
      read: new Set(),
      passed: new Set(),
      findings: [],
    },
  };
}

/** What is missing is told at the block it is missing from. */
function nearest(value: JsonValue, pointer: string): string {
  let at: JsonValue | undefined = value;
  let found = '';
  for (const key of pointerKeys(pointer)) {
    at = childOf(at, key);
    if (at === undefined) return found;
    found = childPointer(found, key);
  }
  return found;
}

function childOf(value: JsonValue, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

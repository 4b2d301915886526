import { isJsonObject, type JsonValue } from '../records.ts';

/** Where two JSON values differ, one line a place: pointer, what was expected, what came. */
export function differences(expected: JsonValue, got: JsonValue, pointer = ''): string[] {
  if (Array.isArray(expected) && Array.isArray(got)) {
    const length = Math.max(expected.length, got.length);
    return Array.from({ length }, (_, index) =>
      differencesAt(expected[index], got[index], `${pointer}/${index}`),
    ).flat();
  }
  if (isJsonObject(expected) && isJsonObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => differencesAt(expected[key], got[key], `${pointer}/${key}`));
  }
  return expected === got ? [] : [`${pointer}: expected ${shown(expected)}, got ${shown(got)}`];
}

function differencesAt(expected: JsonValue | undefined, got: JsonValue | undefined, pointer: string): string[] {
  if (expected === undefined || got === undefined) {
    return expected === got ? [] : [`${pointer}: expected ${shown(expected)}, got ${shown(got)}`];
  }
  return differences(expected, got, pointer);
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

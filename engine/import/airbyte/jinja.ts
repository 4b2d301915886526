import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import type { Connection } from '../connection.ts';
import { fillIn } from '../imported.ts';
import { inside, lost, type Place, textOf } from '../place.ts';
import { translate } from '../template.ts';

/** What the names in a manifest's expressions stand for. */
export type Scope = {
  readonly connection: Connection;
  /** `stream_interval.start_time` and the like: key → our text. */
  readonly interval: { readonly [key: string]: string };
  /** `stream_partition.KEY`, `stream_slice.KEY`. */
  readonly partition: { readonly [key: string]: string };
  /** `creation_response`, `polling_response`, `download_target`: what a path below it stands for. */
  readonly job?: (root: string, steps: readonly string[]) => string | undefined;
};

/** A text of the manifest as a template of ours; `undefined` where there is none. */
export function jinja(place: Place, component: Place, scope: Scope): string | undefined {
  const text = textOf(place);
  if (text === undefined) return undefined;
  if (text.includes('{%')) {
    lost(place, 'A statement of Jinja ({% … %}) has no equivalent.', fillHint);
    return fillIn;
  }
  return translate(
    text,
    /\{\{(.*?)\}\}/s,
    (expression) => meaningOf(expression, parametersOf(component), scope),
    place,
  );
}

const fillHint = 'Put a fixed value or a connection property in place of {fillIn} in integration.yaml.';

/** Every text of a block translated: bodies, headers. */
export function jinjaIn(place: Place, component: Place, scope: Scope): JsonValue {
  const { value } = place;
  if (typeof value === 'string') return jinja(place, component, scope) ?? '';
  if (Array.isArray(value)) {
    return value.map((_, index) => jinjaIn(inside2(place, String(index)), component, scope));
  }
  if (!isJsonObject(value)) return value ?? null;
  return Object.fromEntries(Object.keys(value).map((key) => [key, jinjaIn(inside(place, key), component, scope)]));
}

function inside2({ value, pointer, sheet }: Place, index: string): Place {
  const item = Array.isArray(value) ? value[Number(index)] : undefined;
  sheet.read.add(`${pointer}/${index}`);
  return { value: item, pointer: `${pointer}/${index}`, sheet };
}

function parametersOf({ value }: Place): JsonObject {
  return isJsonObject(value) && isJsonObject(value.$parameters) ? value.$parameters : {};
}

function meaningOf(expression: string, parameters: JsonObject, scope: Scope): string | undefined {
  const text = literalOf(expression);
  if (text !== undefined) return String(text);
  const path = pathOf(expression);
  if (path === undefined) return undefined;
  const { root, steps, fallback } = path;
  const [first] = steps;
  switch (root) {
    case 'config':
      if (first === undefined) return undefined;
      return scope.connection.use(steps.join('.'), fallback === undefined ? {} : { default: fallback });
    case 'parameters':
      return scalarAt(parameters, steps);
    case 'stream_interval':
      return first === undefined ? undefined : scope.interval[first];
    case 'stream_partition':
    case 'stream_slice':
      if (first === undefined) return undefined;
      return scope.partition[first] ?? scope.interval[first] ?? scope.partition[steps.join('.')];
    default:
      return scope.job?.(root, steps);
  }
}

function scalarAt(value: JsonValue, steps: readonly string[]): string | undefined {
  const found = steps.reduce<JsonValue | undefined>((at, step) => (isJsonObject(at) ? at[step] : undefined), value);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}

/** `config['a']['b']`, `config.get('a', 'x')`, `config.a or 'x'`. */
export type Path = { readonly root: string; readonly steps: readonly string[]; readonly fallback?: string | number };

export function pathOf(expression: string): Path | undefined {
  const [, before = expression, otherwise] = /^(.*?)\s+or\s+(.+)$/s.exec(expression.trim()) ?? [];
  const [root = '', ...rest] = /^[A-Za-z_]\w*/.exec(before.trim()) ?? [];
  if (root === '' || rest.length > 0) return undefined;
  let left = before.trim().slice(root.length);
  let fallback = otherwise === undefined ? undefined : literalOf(otherwise);
  if (otherwise !== undefined && fallback === undefined) return undefined;
  const steps: string[] = [];
  while (left !== '') {
    const [whole, , got, other, , quoted, index, name] =
      /^(?:\.get\(\s*(['"])(.*?)\1\s*(?:,\s*(.*?)\s*)?\)|\[\s*(['"])(.*?)\4\s*\]|\[(\d+)\]|\.([A-Za-z_]\w*)(?!\())/s.exec(
        left,
      ) ?? [];
    if (whole === undefined) return undefined;
    if (other !== undefined && other !== '') {
      fallback = literalOf(other);
      if (fallback === undefined) return undefined;
    }
    steps.push(got ?? quoted ?? index ?? name ?? '');
    left = left.slice(whole.length);
  }
  return { root, steps, ...(fallback !== undefined && { fallback }) };
}

function literalOf(text: string): string | number | undefined {
  const [, , quoted] = /^(['"])((?:(?!\1).)*)\1$/s.exec(text.trim()) ?? [];
  if (quoted !== undefined) return quoted;
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

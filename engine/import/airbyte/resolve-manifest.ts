import type { YamlFile } from '../../descriptor/yaml-file.ts';
import { CannotRunError } from '../../diagnostics/engine-error.ts';
import { atPointer, childPointer } from '../../json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { lost, type Place, type Sheet } from '../place.ts';

/** More than any manifest holds once its references are followed; fewer than a bomb of references needs. */
const mostValues = 300_000;

type Work = {
  readonly root: JsonValue;
  readonly file: YamlFile;
  /** Pointer in what comes out → pointer in the file. */
  readonly origins: Map<string, string>;
  /** Fields that a component has from `$parameters`: nobody needs to read them. */
  readonly given: Set<string>;
  readonly unresolved: string[];
  count: number;
};

/**
 * A manifest with its references followed and its `$parameters` handed down to the components below, as the low-code
 * framework does. Every value knows the line it was written in. Throws `import/unreadable` for references in a circle.
 */
export function resolveManifest(file: YamlFile): Place {
  const work: Work = { root: toJson(file.value), file, origins: new Map(), given: new Set(), unresolved: [], count: 0 };
  const followed = follow(work.root, '', '', [], work);
  const value = handDown(followed, '', {}, {}, undefined, work);
  const sheet: Sheet = {
    file: file.file,
    locate: (pointer) => file.locate(originOf(pointer, work.origins)),
    anyCase: false,
    read: new Set(),
    passed: work.given,
    findings: [],
  };
  for (const pointer of work.unresolved) lost({ value: null, pointer, sheet }, 'This reference leads nowhere.');
  return { value, pointer: '', sheet };
}

function toJson(value: unknown): JsonValue {
  return value as JsonValue; // a parsed YAML file of the core schema holds nothing else
}

/** The nearest place that the file has: that of the value itself, or of what it is missing from. */
function originOf(pointer: string, origins: ReadonlyMap<string, string>): string {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = origins.get(at);
    if (origin !== undefined) return origin;
  }
  return '';
}

function follow(value: JsonValue, from: string, to: string, chain: readonly string[], work: Work): JsonValue {
  work.count += 1;
  if (work.count > mostValues) {
    throw new CannotRunError('import/unreadable', `With its references followed, ${work.file.file} is too large.`, {
      hint: 'Take out references that lead to blocks full of references.',
      at: work.file.locate(from),
    });
  }
  work.origins.set(to, from);
  if (typeof value === 'string' && value.startsWith('#/')) return followReference(value, from, to, chain, work) ?? null;
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      follow(item, childPointer(from, String(index)), childPointer(to, String(index)), chain, work),
    );
  }
  if (!isJsonObject(value)) return value;
  const { $ref: reference, ...own } = value;
  const target =
    typeof reference === 'string' ? followReference(reference, childPointer(from, '$ref'), to, chain, work) : undefined;
  const fields = Object.entries(own).map(([key, inner]): [string, JsonValue] => {
    const at = childPointer(to, key);
    const base = isJsonObject(target) ? target[key] : undefined;
    const followed = follow(inner, childPointer(from, key), at, chain, work);
    // Parameters of a reference and of its target are both handed down.
    return [
      key,
      key === '$parameters' && isJsonObject(base) && isJsonObject(followed) ? { ...base, ...followed } : followed,
    ];
  });
  return { ...(isJsonObject(target) ? target : {}), ...Object.fromEntries(fields) };
}

function followReference(
  reference: string,
  from: string,
  to: string,
  chain: readonly string[],
  work: Work,
): JsonValue | undefined {
  if (chain.includes(reference)) {
    throw new CannotRunError('import/unreadable', `The reference "${reference}" leads back to itself.`, {
      hint: 'Take the circle out: what it describes has no end.',
      at: work.file.locate(from),
    });
  }
  const target = atPointer(work.root, reference.slice(1));
  if (target !== undefined) return follow(target, reference.slice(1), to, [...chain, reference], work);
  work.origins.set(to, from);
  work.unresolved.push(to);
  return undefined;
}

/** Blocks that are components also where they do not say their type. */
const components =
  /^(retriever|requester|record_selector|extractor|paginator|pagination_strategy|incremental_sync|schema_loader|.*_requester|authenticator|partition_router|error_handler)$/;

function handDown(
  value: JsonValue,
  at: string,
  parameters: JsonObject,
  origins: { readonly [name: string]: string },
  key: string | undefined,
  work: Work,
): JsonValue {
  if (Array.isArray(value)) {
    return value.map((item, index) => handDown(item, childPointer(at, String(index)), parameters, origins, key, work));
  }
  if (!isJsonObject(value)) return value;
  const own = isJsonObject(value.$parameters) ? value.$parameters : {};
  const ownOrigins = Object.keys(own).map((name): [string, string] => [
    name,
    originOf(childPointer(childPointer(at, '$parameters'), name), work.origins),
  ]);
  const all = { ...parameters, ...own };
  const allOrigins = { ...origins, ...Object.fromEntries(ownOrigins) };
  const isComponent = typeof value.type === 'string' ? /^[A-Z]/.test(value.type) : components.test(key ?? '');
  const fields: JsonObject = { ...value };
  for (const [name, given] of Object.entries(isComponent ? all : {})) {
    if (fields[name] !== undefined && fields[name] !== null && fields[name] !== '') continue;
    fields[name] = given;
    work.given.add(childPointer(at, name));
    work.origins.set(childPointer(at, name), allOrigins[name] ?? at);
  }
  const below = Object.entries(fields).map(([name, inner]): [string, JsonValue] => [
    name,
    name === '$parameters' || work.given.has(childPointer(at, name))
      ? inner
      : handDown(inner, childPointer(at, name), all, allOrigins, name, work),
  ]);
  if (isComponent || '$parameters' in fields) {
    work.given.add(childPointer(at, '$parameters'));
    work.given.add(childPointer(at, 'type'));
    return { ...Object.fromEntries(below), $parameters: all };
  }
  return Object.fromEntries(below);
}

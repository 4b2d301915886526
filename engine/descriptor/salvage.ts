import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { atPointer, pointerKeys, pointerTo, withValueAt } from '../json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { CheckSchema, SchemaViolation } from '../schema/compile-schema.ts';
import type { Descriptor, Stream } from './descriptor.ts';
import type { RawDescriptor, RawStream } from './fill-defaults.ts';

// A descriptor that breaks its schema is judged all the same, as far as it is sound: nothing that is wrong in one place
// hides what is wrong in another. First stands what is left out of it, then what each check relies on.

/** What is left of a file that breaks its schema. */
export type Salvaged = {
  /** What the author wrote, without the parts in which something is wrong; those that are named keep their name. */
  readonly written: JsonObject;
  /** The same with what every descriptor must have: fit to have its defaults filled in. */
  readonly raw: RawDescriptor;
  /** JSON Pointers of the parts that are not known; `/streams/*` where a name is not. */
  readonly leftOut: ReadonlySet<string>;
};

/**
 * Leaves out each part of a descriptor in which something breaks the schema: a key of the top level, of `defaults`, of
 * `connection` or of a stream; a connection property, a permission, a rate limit. A key that is missing, or that an
 * unknown one may have been meant for, is not known either. `value` is what the file holds; `undefined` is nothing.
 */
export function salvage(value: unknown, check: CheckSchema): Salvaged {
  const violations = check(value);
  // It has just passed the schema that the type restates.
  if (violations.length === 0) return { written: value as JsonObject, raw: value as RawDescriptor, leftOut: new Set() };
  const leftOut = new Set(
    isJsonObject(value) ? violations.flatMap((violation) => partsOf(violation, value, check)) : [''],
  );
  const written = leftOut.has('') || !isJsonObject(value) ? {} : soundOf(value, [], leftOut);
  const { connection } = written as Partial<RawDescriptor>; // so have all parts that are left
  return { written, raw: { ...bare, ...written, connection: { ...bare.connection, ...connection } }, leftOut };
}

/** Blocks whose keys are parts, each sound or not for itself. */
function holdsParts([root, second, ...rest]: readonly string[]): boolean {
  if (root === undefined) return true;
  if (rest.length > 0) return false;
  if (second === undefined) return ['connection', 'permissions', 'rateLimits', 'defaults', 'streams'].includes(root);
  return root === 'streams' || (root === 'connection' && second === 'properties');
}

/** Parts that are referred to by name: one that is wrong stays by its name, and by nothing that a check could blame. */
const standIns: JsonObject = {
  '/streams': { summary: '' },
  '/permissions': { why: '' },
  '/rateLimits': { requests: 1, perSeconds: 1 },
  // Of a list a mapping knows no type, and an address has a host.
  '/connection/properties': { title: '', type: 'list', format: 'base-url' },
};

const bare: RawDescriptor = {
  formatVersion: 1,
  name: '',
  title: '',
  summary: '',
  product: { vendorName: '', name: '' },
  ocsf: { version: '' },
  connection: { properties: {} },
  baseUrl: '',
  auth: [],
  streams: {},
};

/** The parts that a violation makes unknown. */
function partsOf(violation: SchemaViolation, whole: JsonObject, check: CheckSchema): string[] {
  const { pointer, keyword, params, schemaPath, value } = violation;
  const steps = pointerKeys(pointer);
  const length = steps.findIndex((_, index) => !holdsParts(steps.slice(0, index)));
  if (length !== -1) return [pointerTo(steps.slice(0, length))];
  if (!holdsParts(steps)) return [pointer];
  const inside = (key: unknown) => pointerTo([...steps, String(key)]);
  if (keyword === 'if' || keyword === 'propertyNames') return []; // what is inside says it better
  if (keyword === 'required') return [inside(params['missingProperty'])];
  if (keyword === 'additionalProperties') {
    const key = String(params['additionalProperty']);
    return [key, ...meantBy(key, violation, whole, check)].map(inside);
  }
  return schemaPath.includes('/propertyNames/') ? [inside(value), inside('*')] : [pointer];
}

/** The keys for which an unknown one may have been meant: the one that is spelt much like it, or any that it could be. */
function meantBy(
  key: string,
  { pointer, known = [] }: SchemaViolation,
  whole: JsonObject,
  check: CheckSchema,
): string[] {
  const steps = pointerKeys(pointer);
  const { [key]: value = null, ...others } = atPointer(whole, pointer) as JsonObject; // a violation of its keys
  const absent = known.filter((each) => !Object.hasOwn(others, each));
  const meant = didYouMean(key, known);
  if (meant !== undefined && absent.includes(meant)) return [meant];
  return absent.filter((each) => {
    const renamed = withValueAt(whole, steps, { ...others, [each]: value });
    const against = check(renamed).filter((violation) => violation.pointer === pointerTo([...steps, each]));
    const unknown = against.filter(({ keyword }) => keyword === 'additionalProperties').length;
    const isOther = against.some(({ keyword }) => ['type', 'enum', 'const', 'pattern'].includes(keyword));
    return !isOther && (unknown === 0 || unknown < Object.keys(value ?? {}).length);
  });
}

function soundOf(block: JsonObject, steps: readonly string[], leftOut: ReadonlySet<string>): JsonObject {
  const standIn = standIns[pointerTo(steps)];
  return Object.fromEntries(
    Object.entries(block).flatMap(([key, value]): [string, JsonValue][] => {
      const inner = [...steps, key];
      if (leftOut.has(pointerTo(inner))) return standIn === undefined ? [] : [[key, standIn]];
      return [[key, isJsonObject(value) && holdsParts(inner) ? soundOf(value, inner, leftOut) : value]];
    }),
  );
}

/** What a check takes for certain. Where that is not known, it would tell what only follows from a mistake told already. */
type Need = {
  /** Parts of which nothing may have been left out. */
  readonly whole?: readonly string[];
  /** Blocks of which every name must be known. */
  readonly names?: readonly string[];
  /** Keys of a stream without which the check does not look at that stream. */
  readonly each?: readonly StreamKey[];
  /** Keys without which, in one stream alone, the check is not made at all. */
  readonly every?: readonly StreamKey[];
};

type StreamKey = keyof RawStream;

const properties = '/connection/properties';
const request = ['path', 'query', 'headers', 'method', 'body'] as const;
const rows = ['records', 'hydrate', 'parent'] as const;
const nothing: Need = {};

/** Every check of a descriptor and of what belongs to it. A key of which a check only tells where it stands is not listed. */
const needs = {
  folderName: { whole: ['/name'] },
  unknownPlaceholders: { names: [properties], each: ['cursor', 'pagination', 'hydrate', 'parent'] },
  connectionReferences: { names: [properties] },
  rateLimitReferences: { names: ['/rateLimits'], each: ['rateLimit'] },
  permissionReferences: { names: ['/permissions'], each: ['permissions'] },
  conditionReferences: { names: [properties], each: ['availableWhen'] },
  parentReferences: { names: ['/streams'], every: ['path', 'parent'] },
  successorReferences: { names: ['/streams'] },
  deriveReferences: { names: ['/streams', properties] },
  usualMistakes: { names: [properties] },
  cursors: { each: ['cursor', 'pagination', ...request] },
  impossibleDerivations: { each: ['derive', 'cursor'] },
  completeness: { each: ['class', 'dispatch', 'path', 'derive'] },
  badPatterns: nothing,
  slowPatterns: nothing,
  propertyValues: { whole: [properties] },
  secretsInClear: { whole: [properties] },
  exposedSecrets: nothing,
  addresses: { whole: [properties] },
  pathEncoding: nothing,
  impossiblePaging: { each: ['pagination', 'records', ...request] },
  duplicateStreams: {
    each: [
      ...[...request, ...rows, 'apiVersion', 'decode', 'pagination', 'cursor', 'availableWhen', 'drop'],
      ...['class', 'dispatch', 'ocsfVersion', 'profiles', 'derive'],
    ] as StreamKey[], // a spread of literals in a list widens to string
  },
  deprecatedStreams: { each: ['deprecation', 'derive', 'default'] },
  derivedFromOff: { each: ['default', 'derive', 'grant', 'path', 'deprecation'] },
  deadRules: nothing,
  errorPointers: nothing,
  unusedProperties: {
    whole: ['/tenantUid', '/connection', '/baseUrl', '/auth', '/request', '/defaults', '/streams', '/errors', '/setup'],
  },
  unusedRateLimits: { whole: ['/rateLimits'], names: ['/streams'], every: ['rateLimit'] },
  unusedPermissions: { whole: ['/permissions'], names: ['/streams'], every: ['permissions'] },
  provenPermissions: {
    whole: ['/baseUrl', '/vendorCatalogue'],
    each: ['path', 'apiVersion', 'permissions', 'permissionsUrl', 'grant', 'derive'],
  },
  missingMappings: { each: ['mapping', 'class', 'dispatch'] },
  missingShared: { each: ['shared'] },
  orphanedMappings: { names: ['/streams'], every: ['mapping', 'shared', 'dispatch'] },
  sharedBindings: { names: ['/streams'], every: ['mapping', 'shared', 'class', 'dispatch'] },
  orphanedDerivations: { names: ['/streams'], every: ['derive'] },
  orphanedCases: { names: ['/streams'] },
  orphanedShapes: { names: ['/streams'], every: ['source', 'mapping'] },
  savedAnswers: nothing,
  recordsInCases: { each: rows },
  pagesInCases: { each: ['pagination', 'cursor', ...rows] },
  fieldsInCases: { each: ['primaryKey', 'cursor', ...rows], every: ['derive'] },
  shapeFiles: nothing,
  rowShapes: { each: ['source', 'mapping', 'drop'] },
  typedMappings: {
    whole: ['/ocsf'],
    names: [properties],
    each: ['class', 'dispatch', 'ocsfVersion', 'profiles', 'mapping', 'shared', 'source', 'drop'],
  },
  derivationSteps: nothing,
  typedDerivations: { names: [properties] },
  ownedUp: { each: ['grant', 'derive', 'deprecation'] },
} satisfies { [check: string]: Need };

export type CheckName = keyof typeof needs;

/** A descriptor as far as one check may rely on it; `undefined` where it cannot be made. */
export type KnownTo = (check: CheckName) => Descriptor | undefined;

/** For each check the streams that it can judge, if it can judge any. Of a whole descriptor each check sees all. */
export function knownTo(descriptor: Descriptor, { written, leftOut }: Salvaged): KnownTo {
  if (leftOut.size === 0) return () => descriptor;

  const isKnown = (pointer: string): boolean =>
    !leftOut.has(pointer) && (pointer === '' || isKnown(pointer.slice(0, pointer.lastIndexOf('/'))));
  const isWhole = (pointer: string) =>
    isKnown(pointer) && ![...leftOut].some((other) => other.startsWith(`${pointer}/`));
  const knowsNames = (block: string) => isKnown(block) && !leftOut.has(`${block}/*`);
  const knowsKeys = ({ name }: Stream, keys: readonly StreamKey[]) =>
    keys.every((key) => {
      const pointer = pointerTo(['streams', name, key]);
      const isOwn = atPointer(written, pointer) !== undefined;
      return isKnown(pointer) && (isOwn || isKnown(`/defaults/${key}`));
    });

  return (check) => {
    const { whole = [], names = [], each = [], every = [] }: Need = needs[check];
    const { streams } = descriptor;
    if (!whole.every(isWhole) || !names.every(knowsNames)) return undefined;
    if (!streams.every((stream) => knowsKeys(stream, every))) return undefined;
    return { ...descriptor, streams: streams.filter((stream) => knowsKeys(stream, each)) };
  };
}

/** What the author wrote, of no stream but these. What they have in common counts for others too, and is left out with them. */
export function writtenOf(written: JsonObject, { streams }: Descriptor): JsonObject {
  const { defaults = {}, streams: all = {}, ...rest } = written;
  const judged = Object.entries(all ?? {}).filter(([name]) => streams.some((each) => each.name === name));
  const isEvery = judged.length === Object.keys(all ?? {}).length;
  return { ...rest, ...(isEvery && { defaults }), streams: Object.fromEntries(judged) };
}

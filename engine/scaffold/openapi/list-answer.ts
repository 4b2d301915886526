import { childPointer } from '../../json-pointer.ts';
import type { JsonObject, JsonValue } from '../../records.ts';
import { asObject } from '../kinds.ts';
import { type FlatSchema, flatSchema } from './flat-schema.ts';
import type { OpenDocument } from './open-document.ts';

/** Where an operation's answer holds its rows. */
export type ListAnswer = {
  /** JSON Pointer to the rows. */
  readonly rowsAt: string;
  /** The schema of a row, as the document has it. */
  readonly row: JsonValue;
  /** JSON Pointer → schema: the plain fields beside the rows, at most two objects deep. */
  readonly beside: ReadonlyMap<string, FlatSchema>;
  readonly headers: readonly string[];
  /** Other arrays of objects that could be the rows. */
  readonly others: readonly string[];
};

/** Names by which answers hold their rows, the surest first. */
const usual = ['data', 'items', 'value', 'values', 'results', 'records', 'entries', 'resources', 'content', 'list'];

/** Finds the list in the answer of an operation; `undefined` where it answers no list of objects. */
export function listAnswer(document: OpenDocument, operation: JsonObject, path: string): ListAnswer | undefined {
  const responses = asObject(operation.responses);
  const good = ['200', '2XX', '206', 'default'].find((status) => responses[status] !== undefined);
  const response = document.resolve(good === undefined ? undefined : responses[good]);
  const content = asObject(response.content);
  const type = Object.keys(content).find((name) => /^application\/([\w.-]+\+)?json\b/.test(name) || name === '*/*');
  if (type === undefined) return undefined;
  const body = asObject(content[type]).schema;
  const flat = flatSchema(document, body);
  const headers = Object.keys(asObject(response.headers));
  if (flat.types.includes('array')) {
    return isRow(document, flat.items)
      ? { rowsAt: '', row: flat.items, beside: new Map(), headers, others: [] }
      : undefined;
  }
  const found = new Map<string, JsonValue>();
  const beside = new Map<string, FlatSchema>();
  walk(document, flat, '', found, beside);
  const pointers = [...found.keys()].sort((one, other) => rank(one, path) - rank(other, path));
  const [rowsAt, ...others] = pointers;
  const row = rowsAt === undefined ? undefined : found.get(rowsAt);
  return rowsAt === undefined || row === undefined ? undefined : { rowsAt, row, beside, headers, others };
}

function isRow(document: OpenDocument, items: JsonValue | undefined): items is JsonValue {
  return flatSchema(document, items).types.includes('object');
}

function walk(
  document: OpenDocument,
  { properties }: FlatSchema,
  at: string,
  found: Map<string, JsonValue>,
  beside: Map<string, FlatSchema>,
): void {
  for (const [name, schema] of Object.entries(properties)) {
    const pointer = childPointer(at, name);
    const flat = flatSchema(document, schema);
    if (flat.types.includes('array')) {
      if (isRow(document, flat.items)) found.set(pointer, flat.items);
    } else if (flat.types.includes('object')) {
      if (pointer.split('/').length <= 3) walk(document, flat, pointer, found, beside);
    } else beside.set(pointer, flat);
  }
}

/** An array named as the path's last word or by a usual name; the nearer to the root, the better. */
function rank(pointer: string, path: string): number {
  const name = pointer.split('/').at(-1)?.toLowerCase() ?? '';
  const last = path.split('/').at(-1)?.toLowerCase() ?? '';
  const byName = name === last ? 0 : usual.includes(name) ? 1 + usual.indexOf(name) : 50;
  return byName + 100 * pointer.split('/').length;
}

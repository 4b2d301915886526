import { type AttributeOrigin, atPointer, childPointer, type Issue, type PreviewedRecord } from '../../engine/index.ts';

/** One line of a record drawn as a tree: an attribute, or the head of an object or list. */
export type RecordLine = {
  readonly depth: number;
  readonly name: string;
  /** Absent for objects and lists, whose parts follow. */
  readonly value?: string;
  readonly origin?: AttributeOrigin;
  /** What is wrong here, or with something inside that is not there. */
  readonly issues: readonly Issue[];
};

/** A record, or what was rejected, as lines in its order; objects without an origin of their own are opened. */
export function recordLines({ record, draft, attributes, issues }: PreviewedRecord): RecordLine[] {
  const shown = record ?? draft ?? {};
  const origins = new Map(attributes.map((attribute) => [attribute.pointer, attribute]));
  const placed = placeIssues(issues, shown);
  const under = (pointer: string) => placed.get(pointer) ?? [];
  const draw = (value: unknown, name: string, pointer: string, depth: number): RecordLine[] => {
    const observable = pointer.startsWith('/observables/') ? observableText(value) : undefined;
    const origin = origins.get(observable === undefined ? pointer : `${pointer}/name`);
    const own = { depth, name, issues: under(pointer), ...(origin !== undefined && { origin }) };
    if (observable !== undefined && origin?.from === 'engine') return [{ ...own, value: observable }];
    if (typeof value !== 'object' || value === null) return [{ ...own, value: JSON.stringify(value) }];
    return [{ ...own }, ...inside(value, pointer, depth + 1)];
  };
  const inside = (value: object, pointer: string, depth: number) =>
    Object.entries(value).flatMap(([key, inner]) => {
      const name = Array.isArray(value) ? `[${key}]` : key;
      return draw(inner, name, childPointer(pointer, key), depth);
    });
  const missing = under('').map((issue) => ({ depth: 0, name: missingName(issue), issues: [issue] }));
  return [...inside(shown, '', 0), ...missing];
}

/** At their attribute, or at the nearest object around it that the record has. */
function placeIssues(issues: readonly Issue[], record: NonNullable<PreviewedRecord['draft']>): Map<string, Issue[]> {
  const placed = new Map<string, Issue[]>();
  for (const issue of issues) {
    if (issue.pointer === undefined) continue;
    let pointer = issue.pointer;
    while (pointer !== '' && atPointer(record, pointer) === undefined)
      pointer = pointer.slice(0, pointer.lastIndexOf('/'));
    placed.set(pointer, [...(placed.get(pointer) ?? []), issue]);
  }
  return placed;
}

function missingName({ pointer = '' }: Issue): string {
  return pointer === '' ? 'the record' : `${pointer.slice(1).replaceAll('/', '.')} (missing)`;
}

/** An observable says in three attributes what fits in one line. */
function observableText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('value' in value)) return undefined;
  const { value: text, type } = value as { value: unknown; type?: unknown };
  return `${JSON.stringify(text)}${typeof type === 'string' ? ` (${type})` : ''}`;
}

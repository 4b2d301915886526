import type { Derive, Stream } from '../../descriptor/descriptor.ts';
import type { Locate } from '../../descriptor/locate-written.ts';
import { didYouMean, didYouMeanHint } from '../../diagnostics/did-you-mean.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import { atPointer } from '../../json-pointer.ts';
import { placesIn } from './places-in-answer.ts';
import type { SavedAnswers } from './saved-answers.ts';

/** Fields of the row that the descriptor builds on, and that no row of any case has. */
export function rowFields(saved: readonly SavedAnswers[], locate: Locate): Issue[] {
  return saved.flatMap(({ stream, rows }) => {
    const source = saved.find((other) => other.stream.name === stream.derive?.from);
    return [
      ...stream.primaryKey.flatMap((field, index) =>
        absent(field, rows, `/streams/${stream.name}/primaryKey/${index}`, stream.name, locate),
      ),
      ...cursorField(stream, rows, locate),
      ...(stream.derive === undefined || source === undefined
        ? []
        : fieldsOf(stream.derive).flatMap(({ field, pointer, key }) => {
            // A vendor may leave out a field that is false or empty, so only a slip of the pen is told.
            const at = `/streams/${stream.name}/derive/${pointer}`;
            return absent(field, source.rows, at, source.stream.name, locate, key).filter(({ hint }) =>
              isQuestion(hint),
            );
          })),
    ];
  });
}

function absent(
  field: string,
  rows: SavedAnswers['rows'],
  pointer: string,
  stream: string,
  locate: Locate,
  key?: string,
): Issue[] {
  if (rows.length === 0 || rows.some((row) => Object.hasOwn(row, field))) return [];
  const known = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const meant = didYouMean(field, known);
  return [
    {
      code: 'descriptor/absent-field',
      severity: 'warning',
      message: `No row in the cases of "${stream}" has the field "${field}".`,
      hint: meant === undefined ? `The rows have: ${known.slice(0, 12).join(', ')}.` : `Did you mean "${meant}"?`,
      at: locate(pointer, key),
      pointer,
    },
  ];
}

/** A cursor's field is a pointer into the row. */
function cursorField({ name, cursor }: Stream, rows: SavedAnswers['rows'], locate: Locate): Issue[] {
  const field = cursor === undefined || cursor.kind === 'delta-link' ? undefined : cursor.field;
  if (field === undefined || rows.length === 0 || rows.some((row) => atPointer(row, field) !== undefined)) return [];
  const known = [...new Set(rows.flatMap((row) => placesIn(row, { kind: 'body' }).map(({ pointer }) => pointer)))];
  const pointer = `/streams/${name}/cursor/field`;
  return [
    {
      code: 'descriptor/absent-field',
      severity: 'warning',
      message: `No row in the cases of "${name}" has anything at ${field}, from which the cursor is to be read.`,
      hint: didYouMeanHint(field, known),
      at: locate(pointer),
      pointer,
    },
  ];
}

function isQuestion(hint: string | undefined): boolean {
  return hint?.startsWith('Did you mean') === true;
}

type Named = { readonly field: string; readonly pointer: string; readonly key?: string };

function fieldsOf(derive: Derive): Named[] {
  const conditions = Object.entries(derive.where).flatMap(([property, choices]) =>
    Object.entries(choices).flatMap(([choice, condition]) => keysOf(condition, `where/${property}/${choice}`)),
  );
  const window = derive.window === undefined ? [] : [{ field: derive.window.field, pointer: 'window/field' }];
  if (derive.kind === 'fold') return [...conditions, ...window];
  return [
    ...conditions,
    ...window,
    ...derive.groupBy.map((field, index) => ({ field, pointer: `groupBy/${index}` })),
    ...Object.entries(derive.counters).flatMap(([name, condition]) => keysOf(condition, `counters/${name}`)),
    ...Object.entries(derive.tallies).map(([name, field]) => ({ field, pointer: `tallies/${name}` })),
  ];
}

function keysOf(condition: object, pointer: string): Named[] {
  return Object.keys(condition).map((field) => ({ field, pointer, key: field }));
}

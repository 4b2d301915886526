import type { Stream } from '../../descriptor/descriptor.ts';
import type { Locate } from '../../descriptor/locate-written.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import { atPointer } from '../../json-pointer.ts';
import { isJsonObject, type JsonValue } from '../../records.ts';
import { type Place, placesIn } from './places-in-answer.ts';
import type { SavedAnswers } from './saved-answers.ts';

/**
 * Pointers of paging and cursor that no saved answer bears out. A last page has no next link, so a missing one alone is
 * no mistake: it is told only where the answers have, elsewhere, what looks like it.
 */
export function pagePointers(saved: SavedAnswers, locate: Locate): Issue[] {
  const { stream, answers } = saved;
  // Such answers are not the pages of the list.
  const ofList = stream.hydrate === undefined && stream.parent === undefined;
  if (answers.length === 0 || !ofList) return [];
  const places = answers.flatMap((answer) => placesIn(answer, stream.records));
  return pointersOf(stream).flatMap((named): Issue[] => {
    const found = answers.map((answer) => atPointer(answer, named.pointer)).filter((value) => value !== undefined);
    const problem =
      found.length === 0 ? nothingThere(named, stream.name, places) : wrongThere(named, stream.name, found);
    if (problem === undefined) return [];
    const pointer = `/streams/${stream.name}/${named.at}`;
    return [{ code: 'descriptor/pointer-finds-nothing', at: locate(pointer), pointer, ...problem }];
  });
}

type NamedPointer = { readonly at: string; readonly pointer: string; readonly meaning: Meaning };

/** Pointers of a kind that is not listed below are not looked at. */
function pointersOf({ pagination, cursor }: Stream): NamedPointer[] {
  return Object.entries({ pagination, cursor }).flatMap(([key, walk]) =>
    Object.entries(walk ?? {}).flatMap(([name, pointer]: [string, unknown]) => {
      const meaning = meanings[`${key} ${walk?.kind ?? ''} ${name}`];
      if (meaning === undefined || typeof pointer !== 'string' || pointer === '') return [];
      return [{ at: `${key}/${name}`, pointer, meaning }];
    }),
  );
}

/** What stands at a pointer, how its name usually reads, and whether a run fails at an answer without it. */
type Meaning = {
  readonly is: (value: JsonValue) => boolean;
  readonly called: RegExp;
  readonly needed?: true;
};

const meanings: { readonly [pointer: string]: Meaning } = {
  'pagination next-link pointer': { is: (value) => typeof value === 'string', called: /next/i },
  'pagination cursor pointer': { is: isCursor, called: /next|continuation/i },
  'pagination cursor morePointer': { is: (value) => typeof value === 'boolean', called: /more|next/i },
  'pagination offset totalPointer': { is: isCount, called: /total|count/i, needed: true },
  'pagination page-number lastPagePointer': { is: isCount, called: /pages|last/i, needed: true },
  'cursor delta-link pointer': { is: (value) => typeof value === 'string', called: /delta/i },
};

type Problem = Pick<Issue, 'severity' | 'message' | 'hint'>;

function nothingThere(
  { pointer, meaning }: NamedPointer,
  stream: string,
  places: readonly Place[],
): Problem | undefined {
  const meant = places.find(
    ({ name, value }) => meaning.called.test(name) && (value === null || value === '' || meaning.is(value)),
  )?.pointer;
  if (meant === undefined && meaning.needed !== true) return undefined;
  return {
    severity: 'warning',
    message: `No saved answer of "${stream}" has anything at ${pointer}.`,
    hint: meant === undefined ? 'Correct the pointer, or save whole answers as cases.' : `Is it ${meant}?`,
  };
}

function wrongThere(
  { pointer, meaning }: NamedPointer,
  stream: string,
  found: readonly JsonValue[],
): Problem | undefined {
  const telling = found.filter((value) => value !== null && value !== '');
  if (telling.length === 0 || telling.some(meaning.is)) return undefined;
  const [first = null] = telling;
  const inside = isJsonObject(first) ? Object.entries(first) : [];
  const meant = inside.find(([, value]) => meaning.is(value))?.[0];
  return {
    severity: 'error',
    message: `The saved answers of "${stream}" have ${kindOf(first)} at ${pointer}, with which a run cannot go on.`,
    hint: meant === undefined ? 'Correct the pointer.' : `Is it ${pointer}/${meant}?`,
  };
}

/** A stream of one page whose saved answer tells of another: its further rows would never be read. */
export function pagesNotRead({ stream, answers }: SavedAnswers, locate: Locate): Issue[] {
  if (stream.pagination.kind !== 'single-page' || stream.records.kind === 'body' || stream.parent !== undefined)
    return [];
  const next = answers
    .flatMap((answer) => placesIn(answer, stream.records))
    .flatMap(({ name, pointer, value }) =>
      typeof value === 'string' && saysNext(name, value) ? [{ pointer, isLink: /^(https?:\/)?\//.test(value) }] : [],
    )[0];
  if (next === undefined) return [];
  const pointer = `/streams/${stream.name}/pagination`;
  return [
    {
      code: 'descriptor/pages-not-read',
      severity: 'warning',
      message: `A saved answer of "${stream.name}" tells of a next page at ${next.pointer}, but the stream reads one page only.`,
      hint: next.isLink
        ? `Say "pagination: { kind: next-link, pointer: ${next.pointer} }".`
        : `Say "pagination: { kind: cursor, pointer: ${next.pointer}, parameter: … }".`,
      at: locate(pointer),
      pointer,
    },
  ];
}

function saysNext(name: string, value: string): boolean {
  if (value === '') return false;
  if (/^https?:\/\//.test(value)) return /(^|[^a-z])next([_-]?(link|page|url|uri|href|page_?url))?$/i.test(name);
  return /(^|[^a-z])next[_-]?(cursor|token|page_?token)$/i.test(name);
}

/** A cursor may have several parts. */
function isCursor(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isTextOrNumber) : isTextOrNumber(value);
}

function isTextOrNumber(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isCount(value: JsonValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

import type { Position } from '../diagnostics/issue.ts';
import type { MappingPlaces } from '../mapping/check/mapping-places.ts';
import { positionAt } from '../mapping/check/place.ts';
import { type FileText, joinShared, sharedBindings } from '../mapping/join-shared.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';

/** Walks through a text; `undefined` where it does not parse. */
export type WalkText = (text: string) => MappingPlaces | undefined;

/** A name without `$` that a shared file binds, and where. */
export type SharedName = { readonly name: string; readonly at: Position };

/** The names of a shared file; none while it does not parse. */
export function sharedNames(shared: FileText): SharedName[] {
  const bindings = unlessFailing(() => sharedBindings(shared)) ?? [];
  return bindings.map(({ name, start }) => ({ name, at: positionAt(shared.text, start, shared.file) }));
}

/** The places in a mapping that sees a shared file. */
export function placesOfMapping(text: string, shared: FileText, walk: WalkText): MappingPlaces | undefined {
  const joined = unlessFailing(() => joinShared({ text, file: '' }, shared));
  if (joined === undefined) return walk(text);
  const { startsAt } = joined.file;
  return only(walk(joined.text), (at) => (at >= startsAt ? at - startsAt : undefined));
}

/** The places in a shared file, by all that its mappings make of it. */
export function placesOfShared(
  shared: FileText,
  mappings: readonly { readonly text: string; readonly walk: WalkText }[],
): MappingPlaces | undefined {
  const found = mappings.flatMap(({ text, walk }) => {
    const joined = unlessFailing(() => joinShared({ text, file: '' }, shared));
    const places = joined && only(walk(joined.text), (at) => (at < joined.file.startsAt ? at : undefined));
    return places === undefined ? [] : [places];
  });
  if (found.length === 0) return undefined;
  // What the first mapping says stands: it is the one that the rest of the answer is about.
  const inOrder = found.toReversed();
  return {
    keys: new Map(inOrder.flatMap(({ keys }) => [...keys])),
    names: new Map(inOrder.flatMap(({ names }) => [...names])),
  };
}

function only(places: MappingPlaces | undefined, moved: (at: number) => number | undefined): MappingPlaces | undefined {
  const move = <Value>(all: ReadonlyMap<number, Value>) =>
    new Map(
      [...all].flatMap(([at, value]) => {
        const to = moved(at);
        return to === undefined ? [] : [[to, value] as const];
      }),
    );
  return places && { keys: move(places.keys), names: move(places.names) };
}

function unlessFailing<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof MappingFailure) return undefined;
    throw cause;
  }
}

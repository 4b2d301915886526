/** How positions name the place of a text: its file, or the two files it was joined from. */
export type TextFile = string | JoinedFile;

export type JoinedFile = {
  /** Whose text begins at `startsAt`. */
  readonly own: string;
  /** What stands before `startsAt` is the beginning of this file, at the same lines and columns; at 0, none of it is used. */
  readonly shared: string;
  readonly startsAt: number;
  /** Names without `$` of all that the shared file binds. */
  readonly names: readonly string[];
};

/** A part of a file, as far as the place of an offset needs it: lines are counted in `text`. */
export type PlaceInFile = { readonly file: string; readonly text: string; readonly offset: number };

export function placeInFile(text: string, offset: number, file: TextFile): PlaceInFile {
  if (typeof file === 'string') return { file, text, offset };
  const { own, shared, startsAt } = file;
  if (offset < startsAt) return { file: shared, text, offset };
  return { file: own, text: text.slice(startsAt), offset: offset - startsAt };
}

/** The file that a mapping is written in. */
export function ownFile(file: TextFile): string {
  return typeof file === 'string' ? file : file.own;
}

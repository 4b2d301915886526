import { basename } from 'node:path';
import { placeInFile, type TextFile } from '../joined-text.ts';

/** How a place in the mapping stands in a comment of its program; {@link readable} makes a line of it. */
export function lineMark(position: number | undefined): string {
  return position === undefined ? '' : ` @${position}`;
}

/** A program with the lines of its mapping in the comments: those of keys and variables, and of places errors name. */
export function readable(code: string, source: string, sourceFile: TextFile = ''): string {
  const line = (position: string): string => lineInWords(source, Number(position), sourceFile);
  return (
    code
      // Text in quotes is the mapping's own, and stays.
      .replaceAll(/"(?:[^"\\]|\\.)*"|\/\*(.*?) @(\d+) \*\//g, (all: string, words?: string, position?: string) => {
        return position === undefined
          ? all
          : `/*${words === undefined || words === '' ? '' : `${words},`} ${line(position)} */`;
      })
      .replaceAll(/^( *const at_\w+ = \{ position: (\d+),.*)$/gm, (all: string, _: string, position: string) => {
        return `${all} // ${line(position)}`;
      })
  );
}

/** Of a mapping in two files, the shared one is named. */
function lineInWords(source: string, position: number, sourceFile: TextFile): string {
  const { text, offset, file } = placeInFile(source, position, sourceFile);
  const line = `line ${text.slice(0, offset).split('\n').length}`;
  return typeof sourceFile === 'string' || file === sourceFile.own ? line : `${line} of ${basename(file)}`;
}

/** How a place in the mapping stands in a comment of its program; {@link readable} makes a line of it. */
export function lineMark(position: number | undefined): string {
  return position === undefined ? '' : ` @${position}`;
}

/** A program with the lines of its mapping in the comments: those of keys and variables, and of places errors name. */
export function readable(code: string, source: string): string {
  const line = (position: string): string => `line ${source.slice(0, Number(position)).split('\n').length}`;
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

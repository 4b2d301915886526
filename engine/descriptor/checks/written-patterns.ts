import type { Subject } from './subject.ts';
import { textsIn, type WrittenText } from './written-texts.ts';

/** Every regular expression of `integration.yaml` and `errors.yaml`; those in the shape of a source record are never run. */
export function patternsOf({ integrationFile, errorsFile }: Subject): WrittenText[] {
  return [integrationFile, errorsFile]
    .flatMap((file) => (file === undefined ? [] : textsIn(file)))
    .filter(
      ({ steps }) =>
        /^pattern$|Pattern$/.test(steps.at(-1) ?? '') && !(steps[0] === 'streams' && steps[2] === 'source'),
    );
}

/** As the engine reads it. Throws what JavaScript throws where it does not compile. */
export function compilePattern(text: string): RegExp {
  return new RegExp(text, 'u');
}

export function compiles(text: string): boolean {
  try {
    compilePattern(text);
    return true;
  } catch {
    return false;
  }
}

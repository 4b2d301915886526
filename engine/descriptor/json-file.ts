import type { Issue } from '../diagnostics/issue.ts';
import type { OpenTexts } from './open-texts.ts';
import { parseYaml, readText, type YamlFile } from './yaml-file.ts';

/** Reads a JSON file of an integration; what does not parse is an issue at its place. JSON is YAML, so places are found alike. */
export async function readJsonFile(path: string, shownAs: string, open?: OpenTexts): Promise<YamlFile> {
  const text = await readText(path, shownAs, open);
  return typeof text === 'string' ? parseJson(text, shownAs) : text;
}

function parseJson(text: string, file: string): YamlFile {
  let located: YamlFile | undefined;
  const locate: YamlFile['locate'] = (pointer, key) => {
    located ??= parseYaml(text, file); // only a fault has a place, and most files have none
    return located.locate(pointer, key);
  };
  try {
    return { file, value: JSON.parse(text) as unknown, issues: [], locate };
  } catch (cause) {
    return { file, value: undefined, issues: [syntaxIssue(text, file, cause)], locate };
  }
}

function syntaxIssue(text: string, file: string, cause: unknown): Issue {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const before = text.slice(0, faultAt(text, reason)).split('\n');
  return {
    code: 'descriptor/json-syntax',
    severity: 'error',
    message: `The JSON does not parse: ${reason.replace(/ in JSON at position.*$/s, '')}.`,
    hint: 'A comma too many or too few, a comment and single quotes are the usual causes.',
    at: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
  };
}

/** V8 tells the place of most faults; of an unexpected token it only quotes ten characters on each side. */
function faultAt(text: string, reason: string): number {
  const told = /at position (\d+)/.exec(reason)?.[1];
  if (told !== undefined) return Number(told);
  const [, token = '', cut, quoted] =
    /^Unexpected token '(.+?)', (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/su.exec(reason) ?? [];
  if (quoted === undefined) return text.length;
  return text.indexOf(quoted) + (cut === undefined ? quoted.indexOf(token) : 10);
}

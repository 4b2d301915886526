import { pointerTo } from '../../json-pointer.ts';
import type { Subject } from './subject.ts';
import type { YamlFile } from '../yaml-file.ts';

/** A text as the author wrote it, with its place. */
export type WrittenText = {
  readonly file: YamlFile;
  readonly pointer: string;
  /** The steps of the pointer, unescaped. */
  readonly steps: readonly string[];
  readonly text: string;
};

/** Keys of a descriptor under which no text is a template: words for people, names, JSONata, OCSF. */
const notTemplates = new Set(
  'formatVersion name title summary product links ocsf connection rateLimits retry vendorCatalogue permissions'.split(
    ' ',
  ),
);

/** The same inside a stream, and inside `defaults`. */
const notTemplatesOfStream = new Set(
  `title summary default eventCode feature licence rateLimit apiVersion permissions permissionsUrl grant availableWhen
  deprecation primaryKey drop mapping shared source class ocsfVersion profiles derive`.split(/\s+/),
);

/**
 * Every text of `integration.yaml` that may hold placeholders. What is no template is listed here, not what is one: a
 * new kind of auth, paging or request is looked at without a line of its own.
 */
export function templatesOf({ integrationFile }: Pick<Subject, 'integrationFile'>): WrittenText[] {
  return textsIn(integrationFile).filter(({ steps }) => {
    const [root = '', second, third] = steps;
    if (notTemplates.has(root)) return false;
    // The braces of a GraphQL query are its own.
    if (steps.at(-2) === 'graphql' && steps.at(-1) === 'query') return false;
    const keyOfStream = root === 'streams' ? third : root === 'defaults' ? second : undefined;
    return keyOfStream === undefined || !notTemplatesOfStream.has(keyOfStream);
  });
}

/** The texts of `errors.yaml` that the operator reads, which may hold placeholders. */
export function adviceTextsOf({ errorsFile }: Pick<Subject, 'errorsFile'>): WrittenText[] {
  if (errorsFile === undefined) return [];
  return textsIn(errorsFile).filter(({ steps }) => /^(message|hint)$/.test(steps.at(-1) ?? ''));
}

/** The texts of `setup.yaml`; a placeholder in them is shown as a value to fill in, and never filled. */
export function setupTextsOf({ setupFile }: Pick<Subject, 'setupFile'>): WrittenText[] {
  return setupFile === undefined ? [] : textsIn(setupFile);
}

/** Every text of a YAML file. */
export function textsIn(file: YamlFile): WrittenText[] {
  return [...walk(file.value, [])].map(([steps, text]) => ({
    file,
    steps,
    text,
    pointer: pointerTo(steps),
  }));
}

function* walk(value: unknown, steps: readonly string[]): Generator<[steps: readonly string[], text: string]> {
  if (typeof value === 'string') yield [steps, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, [...steps, key]);
}

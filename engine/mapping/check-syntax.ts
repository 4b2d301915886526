import jsonata from 'jsonata';
import { mappingFailure } from './mapping-failure.ts';

/** Throws a `MappingFailure` for text that is no JSONata. */
export function checkSyntax(text: string, file: string): void {
  try {
    jsonata(text);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

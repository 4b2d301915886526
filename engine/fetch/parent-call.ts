import { CannotRunError } from '../diagnostics/engine-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { Call } from './call.ts';
import { FetchError } from './fetch-error.ts';
import type { ReadPagesOptions } from './reading.ts';

/** What came of one parent: its children, or why there are none. */
export type Asked = { readonly children?: readonly JsonValue[]; readonly failure?: FetchError };

/** The call for the children of one parent. Throws `fetch/wrong-shape` for a parent that lacks a field the address needs. */
export function callAbout(one: JsonObject, options: ReadPagesOptions): Call {
  try {
    return options.call(valuesOf(one));
  } catch (cause) {
    if (!(cause instanceof CannotRunError) || cause.code !== 'descriptor/unknown-placeholder') throw cause;
    throw new FetchError('fetch/wrong-shape', `A row of the parent stream lacks a field: ${cause.message}`, {
      hint: 'Check `parent` and the path of the stream against the rows of its parent.',
      cause,
    });
  }
}

/** An error of one parent; what is not the fault of a parent is thrown on. */
export function failureOf(error: unknown): Asked {
  if (!(error instanceof FetchError) || error.means !== 'failed') throw error;
  return error.ignored ? {} : { failure: error };
}

/** What `{parent.id}` and `{parent.profile.login}` stand for. */
function valuesOf(one: JsonObject): (name: string) => string | undefined {
  return (name) => {
    const [root, ...steps] = name.split('.');
    if (root !== 'parent') return undefined;
    const found = steps.reduce<JsonValue | undefined>(
      (value, step) => (isJsonObject(value) ? value[step] : undefined),
      one,
    );
    return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
  };
}

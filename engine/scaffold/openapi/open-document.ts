import { $RefParser } from '@apidevtools/json-schema-ref-parser';
import { CannotRunError } from '../../diagnostics/engine-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { asObject } from '../kinds.ts';

/** An OpenAPI document and the way through its `$ref`s. */
export type OpenDocument = {
  readonly root: JsonObject;
  /** What a `$ref` leads to, or the value itself; nothing where it leads out of the document, nowhere or in a circle. */
  resolve(value: JsonValue | undefined): JsonObject;
  /** The `$ref`s met so far that were not followed. */
  readonly unresolved: ReadonlySet<string>;
};

/**
 * Opens an OpenAPI 3.0 or 3.1 document. `$ref`s are followed inside it and nowhere else: no file is opened and nothing is
 * fetched. Each is resolved when it is met, so that circles do no harm.
 *
 * Throws a `CannotRunError` `new/not-openapi`.
 */
export async function openDocument(value: unknown, file: string): Promise<OpenDocument> {
  const root = isJsonObject(value) ? value : {}; // parsed from JSON or YAML
  const { openapi, swagger } = root;
  if (typeof openapi !== 'string' || !/^3\.[01]\b/.test(openapi)) {
    throw new CannotRunError('new/not-openapi', `${file} is no OpenAPI 3.0 or 3.1 document.`, {
      hint:
        swagger === undefined
          ? 'Give a document that begins with "openapi: 3.0" or "openapi: 3.1".'
          : 'It is of version 2 (Swagger). Have it converted to OpenAPI 3, and give that.',
    });
  }
  const parser = new $RefParser();
  await parser.resolve(root, { resolve: { external: false } });
  const { $refs: refs } = parser;
  const unresolved = new Set<string>();
  const giveUp = (reference: string): JsonObject => {
    unresolved.add(reference);
    return {};
  };
  return {
    root,
    unresolved,
    resolve(start) {
      let at = asObject(start);
      for (const seen = new Set<string>(); typeof at.$ref === 'string'; ) {
        const reference = at.$ref;
        if (seen.has(reference) || !reference.startsWith('#')) return giveUp(reference);
        seen.add(reference);
        at = follow(refs, reference) ?? giveUp(reference);
      }
      return at;
    },
  };
}

function follow(refs: $RefParser['$refs'], reference: string): JsonObject | undefined {
  try {
    return asObject(refs.get(reference));
  } catch {
    return undefined; // leads nowhere
  }
}

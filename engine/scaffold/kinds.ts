import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';

/** A kind of auth or pagination, as the descriptor's schema has it. */
export type Kind = {
  readonly kind: string;
  readonly meaning: string;
  /** The schema of the block, its `kind` included. */
  readonly branch: JsonObject;
};

/** The kinds that `schemas/descriptor.schema.json` knows under `$defs`, in its order. */
export function kindsOf(schema: JsonObject, definition: 'auth' | 'pagination'): Kind[] {
  const { properties, allOf } = asObject(asObject(schema.$defs)[definition]);
  const branches = asList(allOf).map(asObject);
  return textsOf(asObject(asObject(properties).kind).enum).map((kind) => {
    const branch = branches.find((one) => asObject(asObject(asObject(one.if).properties).kind).const === kind);
    const then = asObject(branch?.then);
    return { kind, meaning: typeof then.description === 'string' ? then.description : '', branch: then };
  });
}

/** What a schema keyword holds where it is an object; nothing otherwise. */
export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list. */
export function textsOf(value: JsonValue | undefined): string[] {
  return asList(value).filter((one) => typeof one === 'string');
}

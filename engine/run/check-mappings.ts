import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { checkMapping } from '../mapping/check/check-mapping.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { targetClass } from '../ocsf/target-class.ts';
import { isJsonObject, type JsonObject } from '../records.ts';
import { fieldDropper } from './drop-fields.ts';
import type { Integration } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import type { Places } from './run-request.ts';

/**
 * Types one stream's mapping against its OCSF class and, where the stream declares one, the shape of its rows (`row`).
 * The stream must be one whose mapping parses and whose class exists.
 */
export async function checkStreamMapping(
  { folder, descriptor }: Integration,
  stream: Stream,
  row: JsonObject | undefined,
  { schemasDir, openTexts: open }: Pick<Places, 'schemasDir' | 'openTexts'>,
): Promise<Issue[]> {
  const { version, class: className, profiles } = stream.ocsf;
  const [{ text, file }, { plan }] = await Promise.all([
    readStreamMapping(folder, stream, open),
    prepareClass(schemasDir, version, className, profiles),
  ]);
  return checkMapping(text, file, targetClass(plan), {
    source: row,
    bindings: bindingShapes(descriptor),
  });
}

/** A row as the mapping sees it: without what the stream drops. */
export function afterDrop(shape: JsonObject, { drop }: Stream): JsonObject {
  return isJsonObject(shape.properties) ? { ...shape, properties: fieldDropper(drop)(shape.properties) } : shape;
}

/** The shapes of what `bindingsOf` in `map-row.ts` gives; a secret is no part of the connection a mapping sees. */
export function bindingShapes({ connection }: Descriptor) {
  const visible = Object.entries(connection.properties).filter(([, { secret }]) => !secret);
  const text = { type: 'string' };
  return {
    connection: everyField(Object.fromEntries(visible.map(([name, { type }]) => [name, { type }]))),
    stream: everyField({
      name: text,
      path: text,
      apiVersion: text,
      url: text,
      derived: { type: 'boolean' },
      removed: { type: 'boolean' },
    }),
    ingestedAt: { type: 'integer' },
    runStartedAt: { type: 'integer' },
  } satisfies { readonly [name: string]: JsonObject };
}

/** An object of which no field is ever missing. */
export function everyField(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties) };
}

import { basename } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { readSourceShape } from '../descriptor/source-shape.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type MappingPlaces, mappingPlaces } from '../mapping/check/mapping-places.ts';
import type { TargetClass } from '../mapping/check/target-class.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { targetClass } from '../ocsf/target-class.ts';
import type { JsonObject } from '../records.ts';
import { afterDrop, bindingShapes } from '../run/check-mappings.ts';
import { countedShape } from '../run/check-sources.ts';
import { variantsOf } from '../run/dispatch.ts';
import type { Places } from '../run/run-request.ts';
import type { FeedFile } from './feed-file.ts';

/** What a JSONata file of a feed is written for. */
export type MappingContext = {
  readonly descriptor: Descriptor;
  readonly stream: Stream;
  /** Absent in a derivation, and where the release has no such class. */
  readonly target?: TargetClass;
  /** The shape of what `$` holds. */
  readonly row?: JsonObject;
  readonly places: (text: string) => MappingPlaces | undefined;
};

/** `undefined` where no stream uses the file. */
export async function mappingContext(
  file: FeedFile,
  descriptor: Descriptor,
  places: Places,
): Promise<MappingContext | undefined> {
  const name = basename(file.path);
  if (file.kind === 'derivation') {
    const stream = descriptor.streams.find((each) => `${each.name}.jsonata` === name);
    if (stream?.derive === undefined) return undefined;
    const { derive } = stream;
    return context(descriptor, stream, undefined, derive.kind === 'count' ? countedShape(derive) : undefined);
  }
  const stream = descriptor.streams.flatMap(variantsOf).find(({ mapping }) => mapping === name);
  if (stream === undefined) return undefined;
  const nowhere = () => ({ file: '', line: 1, column: 1 }); // what is wrong with the shape is a diagnostic
  const { shape } = await readSourceShape(file.folder, stream, places.schemasDir, nowhere, places.openTexts);
  return context(descriptor, stream, await targetOf(stream, places), shape && afterDrop(shape, stream));
}

function context(
  descriptor: Descriptor,
  stream: Stream,
  target: TargetClass | undefined,
  row: JsonObject | undefined,
): MappingContext {
  const options = { source: row, bindings: bindingShapes(descriptor) };
  return {
    descriptor,
    stream,
    ...(target !== undefined && { target }),
    ...(row !== undefined && { row }),
    places: (text) => mappingPlaces(text, target, options),
  };
}

async function targetOf({ ocsf }: Stream, { schemasDir }: Places): Promise<TargetClass | undefined> {
  try {
    const { plan } = await prepareClass(schemasDir, ocsf.version, ocsf.class, ocsf.profiles);
    return targetClass(plan);
  } catch (cause) {
    if (cause instanceof CannotRunError) return undefined;
    throw cause;
  }
}

import { basename, join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { readSourceShape } from '../descriptor/source-shape.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type MappingPlaces, mappingPlaces } from '../mapping/check/mapping-places.ts';
import type { TargetClass } from '../mapping/check/target-class.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { targetClass } from '../ocsf/target-class.ts';
import type { JsonObject } from '../records.ts';
import { afterDrop, bindingShapes } from '../run/check-mappings.ts';
import { countedShape } from '../run/check-sources.ts';
import { variantsOf } from '../run/dispatch.ts';
import { readMappingAlone, readSharedFile, readStreamMapping } from '../run/read-stream-mapping.ts';
import type { Places } from '../run/run-request.ts';
import type { FeedFile } from './feed-file.ts';
import { placesOfMapping, placesOfShared, type SharedName, sharedNames } from './shared-places.ts';

/** What a JSONata file of a feed is written for. */
export type MappingContext = {
  readonly descriptor: Descriptor;
  readonly stream: Stream;
  /** Absent in a derivation, and where the release has no such class. */
  readonly target?: TargetClass;
  /** The shape of what `$` holds. */
  readonly row?: JsonObject;
  /** What a shared file binds for this one. */
  readonly shared: readonly SharedName[];
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
  const streams = descriptor.streams.flatMap(variantsOf);
  const stream = streams.find(({ mapping }) => mapping === name);
  if (stream !== undefined) return contextOfMapping(file, descriptor, stream, places);
  return contextOfShared(
    file,
    descriptor,
    streams.filter(({ shared }) => shared === name),
    places,
  );
}

async function contextOfMapping(
  file: FeedFile,
  descriptor: Descriptor,
  stream: Stream,
  places: Places,
): Promise<MappingContext> {
  const own = await contextAlone(file, descriptor, stream, places);
  const { shared: name } = stream;
  if (name === undefined) return own;
  const shared = await unlessMissing(readSharedFile(file.folder, name, places.openTexts));
  if (shared === undefined) return own;
  return {
    ...own,
    shared: sharedNames({ ...shared, file: join(file.folder, 'mappings', name) }),
    places: (text) => placesOfMapping(text, shared, own.places),
  };
}

/** The mapping that uses the most of a shared file stands for all where a class is told. */
async function contextOfShared(
  file: FeedFile,
  descriptor: Descriptor,
  using: readonly Stream[],
  places: Places,
): Promise<MappingContext | undefined> {
  const read = using.map(async (stream) => {
    const joined = await unlessMissing(readStreamMapping(file.folder, stream, places.openTexts));
    const alone = await unlessMissing(readMappingAlone(file.folder, stream, places.openTexts));
    const context = await contextAlone(file, descriptor, stream, places);
    return { used: joined?.used.size ?? 0, text: alone?.text ?? '', walk: context.places, context };
  });
  const mappings = (await Promise.all(read)).sort((one, other) => other.used - one.used);
  const [most] = mappings;
  return most && { ...most.context, places: (text) => placesOfShared({ text, file: '' }, mappings) };
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof MappingFailure) return undefined; // what is wrong with the file is a diagnostic
    throw cause;
  }
}

async function contextAlone({ folder }: FeedFile, descriptor: Descriptor, stream: Stream, places: Places) {
  const nowhere = () => ({ file: '', line: 1, column: 1 }); // what is wrong with the shape is a diagnostic
  const { shape } = await readSourceShape(folder, stream, places.schemasDir, nowhere, places.openTexts);
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
    shared: [],
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

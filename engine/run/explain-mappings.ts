import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { ownFile, type TextFile } from '../mapping/joined-text.ts';
import { loadMapping } from '../mapping/load-mapping.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { variantsOf } from './dispatch.ts';
import { type Integration, loadIntegration, streamNamed } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import type { MappingExplanation } from './requests.ts';
import type { Places } from './run-request.ts';

/**
 * How each JSONata text of an integration is worked out, in the order of its streams: mappings, and what derived streams
 * count or fold by. Only of the streams that are named, where any is.
 *
 * Throws a `CannotRunError` where a text cannot be used at all.
 */
export async function explainMappings(
  places: Places,
  nameOrFolder: string,
  streams: readonly string[] = [],
): Promise<MappingExplanation[]> {
  const integration = await loadIntegration(places, nameOrFolder);
  const { descriptor } = integration;
  const asked = streams.length === 0 ? descriptor.streams : streams.map((name) => streamNamed(descriptor, name));
  try {
    const texts = (await Promise.all(asked.map((stream) => textsOf(integration, stream)))).flat();
    return texts.map(({ stream, text, file }) => ({
      stream,
      file: ownFile(file),
      ...(typeof file !== 'string' && file.startsAt > 0 && { shared: file.shared }),
      engine: loadMapping(text, file).engine,
    }));
  } catch (cause) {
    if (!(cause instanceof MappingFailure)) throw cause;
    const { code, message, hint, at } = cause.issue;
    throw new CannotRunError(code, message, { hint, at, cause });
  }
}

/** The programs a stream's texts were compiled to. Throws a `CannotRunError` `mapping/not-compiled` where one has none. */
export async function generatedCode(places: Places, nameOrFolder: string, stream: string): Promise<string> {
  return (await explainMappings(places, nameOrFolder, [stream])).map(programOf).join('\n');
}

function programOf({ stream, file, shared, engine }: MappingExplanation): string {
  const source = shared === undefined ? file : `${file} with what it uses of ${shared}`;
  if (engine.kind === 'compiled') return `// ${source}, as a JavaScript function body\n${engine.code}\n`;
  const { reason, at } = engine;
  throw new CannotRunError('mapping/not-compiled', `"${stream}" has no program: ${reason}`, {
    hint: 'The interpreter serves it, with the same results.',
    at,
  });
}

type Text = { readonly stream: string; readonly text: string; readonly file: TextFile };

async function textsOf({ folder }: Integration, stream: Stream): Promise<Text[]> {
  const { name, derive } = stream;
  const step = derive?.kind === 'fold' ? derive.step : undefined;
  const derived: [string, string | undefined][] = [
    [shortPath(join(folder, 'derivations', `${name}.jsonata`)), derive?.record],
    [`${shortPath(join(folder, 'integration.yaml'))}, step of ${name}`, step],
  ];
  const mappings = await Promise.all(variantsOf(stream).map((variant) => readStreamMapping(folder, variant)));
  return [
    ...mappings.map(({ text, file }) => ({ stream: name, text, file })),
    ...derived.flatMap(([file, text]) => (text === undefined ? [] : [{ stream: name, text, file }])),
  ];
}

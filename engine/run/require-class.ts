import type { Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { loadRelease } from '../ocsf/release.ts';

/**
 * Throws a `CannotRunError` with its place in the descriptor where the release, the class or a profile of a stream does
 * not exist.
 */
export async function requireClass({ name, ocsf }: Stream, locate: Locate, schemasDir: string): Promise<void> {
  const { version, class: className, profiles } = ocsf;
  const at = (own: string, shared?: string) => {
    const place = locate(`/streams/${name}/${own}`);
    const stream = locate(`/streams/${name}`);
    const isOwn = place.line !== stream.line || place.column !== stream.column;
    return isOwn || shared === undefined ? place : locate(shared);
  };
  const release = await placed(at('ocsfVersion', '/ocsf/version'), () => loadRelease(schemasDir, version));
  await placed(at('class'), () => release.classFacts(className));
  await placed(at('profiles', '/ocsf/profiles'), () => prepareClass(schemasDir, version, className, profiles));
}

async function placed<Result>(at: ReturnType<Locate>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof CannotRunError)) throw cause;
    throw new CannotRunError(cause.code, cause.message, { hint: cause.hint, at, cause });
  }
}

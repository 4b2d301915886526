import { CannotRunError } from '../diagnostics/engine-error.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';

/** Work that needs a mapping; one that cannot be used at all stops it, with the place in the mapping. */
export async function needingMapping<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof MappingFailure)) throw cause;
    const { code, message, hint, at } = cause.issue;
    throw new CannotRunError(code, message, { hint, at, issues: [cause.issue] });
  }
}

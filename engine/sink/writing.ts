import { StreamError } from '../diagnostics/engine-error.ts';

/** Whatever goes wrong with a file of the output is `sink/write-failed`. */
export async function writing<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamError('sink/write-failed', `${path} cannot be written: ${why}.`, {
      hint: 'Check that the folder exists or can be made, that it is yours to write, and that the disk has room.',
      cause,
    });
  }
}

import { EngineError } from '../diagnostics/engine-error.ts';
import { applyChanges } from './apply-change.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import type { Vendor } from './make-vendor.ts';

const controlPath = '/.sandbox/changes';

/** Whether the one who runs the sandbox speaks to it, and not a client of the vendor. */
export function isControl({ method, url }: Exchange): boolean {
  return method === 'POST' && url.pathname === controlPath;
}

/** The body is one line a change, as `applyChanges` reads a text. */
export function answerControl({ service }: Vendor, { body }: Exchange): Answer {
  const lines = body.split('\n').map((line) => line.trim());
  try {
    const told = lines
      .filter((line) => line !== '')
      .flatMap((line) => applyChanges(service.description, service.collections, line, service.now()));
    return jsonAnswer(200, told);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return jsonAnswer(400, { message: error.message, hint: error.hint });
  }
}

import type { RunEvent } from '../../engine/index.ts';

/** Shows a run while it happens. `end` puts the terminal back in order, also after an error. */
export interface Progress {
  show(event: RunEvent): void;
  end(): Promise<void>;
}

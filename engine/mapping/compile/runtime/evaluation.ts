import { HandOver } from '../hand-over.ts';

/** Milliseconds and calls within calls, as `jsonata(text, limits)` takes them: what goes beyond is in a loop. */
export type Limits = { readonly timeout?: number; readonly stack?: number };

type Evaluation = {
  /** Milliseconds since 1970; 0 until somebody asks for the time. */
  startedAt: number;
  depth: number;
  calls: number;
  timeout: number;
  stack: number;
};

/** The evaluation going on. Compiled code runs to its end without waiting, so there is one at a time. */
const current: Evaluation = { startedAt: 0, depth: 0, calls: 0, timeout: Infinity, stack: Infinity };
let isRunning = false;

/** Starts an evaluation. If it interrupts another one, that is given, for {@link finish}. */
export function begin(timeout: number, stack: number): Evaluation | undefined {
  const interrupted = isRunning ? { ...current } : undefined;
  isRunning = true;
  current.startedAt = 0;
  current.depth = 0;
  current.calls = 0;
  current.timeout = timeout;
  current.stack = stack;
  return interrupted;
}

export function finish(interrupted: Evaluation | undefined): void {
  if (interrupted === undefined) isRunning = false;
  else Object.assign(current, interrupted);
}

/** The moment all of one evaluation happens at. */
export function moment(): number {
  if (current.startedAt === 0) current.startedAt = Date.now();
  return current.startedAt;
}

/** Counts one more function inside another; `weight` is how deep the interpreter's own calls go for its body. */
export function enter(weight: number): void {
  current.depth += weight;
  if (current.depth > current.stack) throw new HandOver('Functions call deeper than the limit.');
  // Asking for the time is dear; only what calls often can run for long.
  if ((++current.calls & 255) === 0 && current.timeout !== Infinity && Date.now() - moment() > current.timeout) {
    throw new HandOver('The expression ran longer than the limit.');
  }
}

export function leave(weight: number): void {
  current.depth -= weight;
}

/** Many groups are worked out side by side, and the interpreter counts that as depth. */
export function enterSideBySide(count: number, weight: number): void {
  if (current.depth + count * weight > current.stack)
    throw new HandOver('More is worked out side by side than the limit.');
}

/** Whether a function was being applied when an error came up. */
export function insideFunction(): boolean {
  return current.depth > 0;
}

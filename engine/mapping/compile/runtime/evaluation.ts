import { HandOver } from '../hand-over.ts';

/** A mapping that runs longer, or whose functions call deeper, on one input is in a loop. As `jsonata(text, limits)`. */
export type Limits = { readonly timeout?: number; readonly stack?: number };

type Evaluation = { startedAt: number; depth: number; calls: number; timeout: number; stack: number };

/** The evaluation going on. Compiled code runs to its end without waiting, so there is one at a time. */
let current: Evaluation = { startedAt: 0, depth: 0, calls: 0, timeout: Infinity, stack: Infinity };

/** Starts an evaluation and gives the one it interrupts, for {@link resume}. */
export function begin(limits: Limits): Evaluation {
  const interrupted = current;
  current = {
    startedAt: 0,
    depth: 0,
    calls: 0,
    timeout: limits.timeout ?? Infinity,
    stack: limits.stack ?? Infinity,
  };
  if (current.timeout !== Infinity) current.startedAt = Date.now();
  return interrupted;
}

export function resume(interrupted: Evaluation): void {
  current = interrupted;
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
  if ((++current.calls & 255) === 0 && current.timeout !== Infinity && Date.now() - moment() > current.timeout) {
    throw new HandOver('The expression ran longer than the limit.');
  }
}

export function leave(weight: number): void {
  current.depth -= weight;
}

/** Whether a function was being applied when an error came up. */
export function insideFunction(): boolean {
  return current.depth > 0;
}

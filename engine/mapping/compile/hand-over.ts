/**
 * Compiled code met something only the interpreter may answer for this one input.
 *
 * It is no failure of the input: evaluate the same expression with the interpreter and take what that says, value or
 * error. It happens where the interpreter's answer depends on its own order of events: an error among values it works
 * out side by side or inside functions, a limit of depth, a function that answers later (a promise).
 */
export class HandOver extends Error {
  constructor(why: string, cause?: unknown) {
    super(why, { cause });
    this.name = 'HandOver';
  }
}

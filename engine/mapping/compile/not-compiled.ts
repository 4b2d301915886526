/** Thrown while code is written: this construct is left to the interpreter. */
export class NotCompiled extends Error {
  readonly position: number | undefined;

  constructor(reason: string, position?: number) {
    super(reason);
    this.name = 'NotCompiled';
    this.position = position;
  }

  /** The same, placed at a construct around it unless its own place is known. */
  within(position: number | undefined): NotCompiled {
    return this.position !== undefined || position === undefined ? this : new NotCompiled(this.message, position);
  }
}

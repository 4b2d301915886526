/** Thrown while code is written: this construct is left to the interpreter. */
export class NotCompiled extends Error {
  readonly position: number | undefined;

  constructor(reason: string, position?: number) {
    super(reason);
    this.name = 'NotCompiled';
    this.position = position;
  }
}

/** Where in the text an error is to be reported, and the word the interpreter reports with it. */
export type Site = {
  readonly position: number | undefined;
  readonly token: string | undefined;
  /** The interpreter puts this place over any other: the site is the right side of `and` or `or`. */
  readonly overrides?: boolean;
};

/** What the interpreter's error objects carry beside code, position and token. */
export type ErrorDetails = { value?: unknown; value2?: unknown; index?: number; [name: string]: unknown };

/** The error the interpreter would throw: same code, position, token and details. */
export class ExpressionError extends Error {
  readonly code: string;
  readonly position: number | undefined;
  readonly token: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: string, site: Site | undefined, details: ErrorDetails = {}, message: string = code) {
    super(message);
    this.name = 'ExpressionError';
    this.code = code;
    this.position = site?.position;
    this.token = site?.token;
    this.details = details;
  }
}

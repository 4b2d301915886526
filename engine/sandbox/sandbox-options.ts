/** How one sandbox differs from what its description says. */
export type SandboxOptions = {
  /** The parsed `sandbox.yaml`. */
  readonly description: unknown;
  /** The parsed `schemas/sandbox.schema.json`. */
  readonly schema: unknown;
  /** How large the invented tenant is; what one unit means stands in the description. */
  readonly scale?: number;
  /** The same seed gives the same data. */
  readonly seed?: number;
  /** Default: any free port. */
  readonly port?: number;
  /** Permissions that were not granted. */
  readonly without?: readonly string[];
  /** Permissions granted beyond those of the description. */
  readonly also?: readonly string[];
  /** `<route>:<fault>[:n]`, as `parseFault` reads it; a wrong one is answered with all there are. */
  readonly faults?: readonly string[];
  /** Let the application call what is only for signed-in users, to compare with what is derived. */
  readonly allowDelegatedOnly?: boolean;
  /** The tenant has not bought what some routes need. */
  readonly unlicensed?: boolean;
  /** Enforce the vendor's limits. */
  readonly throttle?: boolean;
  readonly tokenLifetimeSeconds?: number;
  /** What faults write into `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly credentials?: {
    readonly secretExpired?: boolean;
    /** PEM certificates the application is registered with; without any, every client assertion is refused. */
    readonly certificates?: readonly string[];
  };
  /** What has happened to the data before anybody asks; names of described changes, or texts such as `hosts:update:17`. */
  readonly changes?: readonly string[];
  readonly now?: () => Date;
};

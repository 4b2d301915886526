import type { Issue, Position } from '../diagnostics/issue.ts';
import type { MappingEngine } from '../mapping/load-mapping.ts';
import type { MappingCoverage } from '../mapping/coverage/mapping-coverage.ts';
import type { Ending, JsonObject, JsonValue } from '../records.ts';
import type { ConnectionInput } from '../descriptor/resolve-connection.ts';
import type { Places, RunEvent } from './run-request.ts';
import type { Leak, RecordedField, UnclassifiedField } from '../record/pseudonymise.ts';
import type { Changed } from '../sandbox/apply-change.ts';
import type { Change } from '../sandbox/sandbox-description.ts';
import type { Reason } from './run-report.ts';

/** What `sluice list` shows of an integration. */
export type IntegrationSummary = {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly streams: number;
  readonly folder: string;
};

/** How one JSONata text of a stream is worked out; `code` of a compiled one is its program, for reading. */
export type MappingExplanation = {
  readonly stream: string;
  readonly file: string;
  /** The file that it uses bindings of. */
  readonly shared?: string;
  readonly engine: MappingEngine;
};

/** What `sluice validate` found in one integration; no issue of severity `error` means valid. */
export type Validation = {
  readonly integration: string;
  readonly folder: string;
  readonly issues: readonly Issue[];
  /** Limits that the descriptor states itself. */
  readonly ownedUp: readonly OwnedUp[];
};

export type OwnedUp = { readonly stream: string; readonly message: string };

export type CheckRequest = {
  readonly places: Places;
  readonly integration: string;
  readonly connection: ConnectionInput;
  readonly streams?: readonly string[];
  readonly pace: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

export type CheckReport = {
  readonly integration: string;
  /** What the token says was granted; absent where the token does not tell. */
  readonly granted?: readonly string[];
  /** Granted, and needed by no stream. */
  readonly beyondNeed: readonly string[];
  readonly consentUrl?: string;
  readonly streams: readonly StreamCheck[];
};

export type StreamCheck = {
  readonly stream: string;
  /** `ready`; `derived`: the endpoint refuses, and the stream is computed instead; or why not. */
  readonly state: 'ready' | 'derived' | Exclude<Ending, 'complete'>;
  readonly default: 'on' | 'off';
  /** `delegated`: the vendor lets no app-only token in. */
  readonly grant: 'application' | 'delegated';
  readonly needs: readonly string[];
  /** Granted, and opens the stream, be it larger than needed; absent where the token does not tell. */
  readonly openedBy?: readonly string[];
  readonly missing: readonly string[];
  readonly httpStatus?: number;
  /** The vendor's own code of its refusal. */
  readonly vendorCode?: string;
  /** Why the endpoint is not ready. */
  readonly cause?: CheckCause;
  /** In a few words; `reason` has the whole of it. Absent where nothing is to be done. */
  readonly whatToDo?: string;
  readonly reason?: Reason;
};

/**
 * `consent`: the token carries no permission at all; `permission`: not this one; `consent-or-permission`: one of the
 * two, and the token does not tell which; `licence-or-delay`: all is granted, and refused all the same.
 */
export type CheckCause =
  | 'token'
  | 'consent'
  | 'permission'
  | 'consent-or-permission'
  | 'delegated-only'
  | 'licence'
  | 'licence-or-delay'
  | 'retirement'
  | 'not-offered'
  | 'source';

export type PreviewRequest = {
  readonly places: Places;
  readonly integration: string;
  readonly stream: string;
  /** Read one page from the source… */
  readonly connection?: ConnectionInput;
  /** …or take a saved answer instead. */
  readonly sourceFile?: string;
  /** Only so many rows of the page… */
  readonly limit?: number;
  /** …or only this one, counted from 1. */
  readonly row?: number;
  readonly ocsfVersion?: string;
  readonly pace: boolean;
  readonly signal?: AbortSignal;
};

/** One page, fetched or saved, that can be mapped as often as its mapping changes. */
export type Preview = {
  /** The folder and file whose changes may change what comes out. */
  readonly files: readonly string[];
  map(): Promise<PreviewedRecord[]>;
};

export type PreviewedRecord = {
  readonly page: number;
  readonly row: number;
  /** The vendor's id of the request that gave the page. */
  readonly requestId?: string;
  readonly source: unknown;
  /** Absent if rejected. */
  readonly record?: JsonObject;
  /** What was rejected, as far as it came. */
  readonly draft?: JsonObject;
  readonly issues: readonly Issue[];
  readonly ocsf: { readonly version: string; readonly class: string };
  /** Every single value of the record or draft, in its order, with where it comes from. */
  readonly attributes: readonly AttributeOrigin[];
  /** What the mapping has a place for, or gave, and the record does not have. */
  readonly leftOut: readonly LeftOut[];
  /** The file in which places lie that several mappings share; absent where this one uses none of it. */
  readonly sharedFile?: string;
  /** Fields of the row that the descriptor says to drop, with its reason; no mapping sees them. */
  readonly dropped: { readonly [field: string]: string };
};

export type AttributeOrigin = {
  /** JSON Pointer into the record. */
  readonly pointer: string;
  readonly value: JsonValue;
  /** `retargeting`: carried over to another release, and changed or moved by that. */
  readonly from: 'mapping' | 'engine' | 'retargeting';
  /** What the engine did and why, in a few words; of `engine` and `retargeting`. */
  readonly rule?: string;
  /** Where it lay before it was moved. */
  readonly movedFrom?: string;
} & Partial<MappingOrigin>;

/** Where in the mapping, and what of the row went in. */
export type MappingOrigin = {
  /** The attribute's key in the mapping. */
  readonly at: Position;
  /** What was read for it; none for a literal. */
  readonly sources: readonly SourceRead[];
  /** Variables that its value went through. */
  readonly through: readonly { readonly name: string; readonly at: Position }[];
};

export type SourceRead = {
  /** As a mapping would write it; `$` is the whole row, `$name…` something that the engine binds. */
  readonly path: string;
  /** JSON Pointer into the row; absent for what the engine binds. */
  readonly pointer?: string;
  /** Absent if nothing is there. */
  readonly value?: unknown;
  /** `decides`: it went into a condition only. */
  readonly role: 'gives' | 'decides';
};

export type LeftOut = { readonly pointer: string; readonly why: string } & Partial<MappingOrigin>;

export type CasesRequest = {
  readonly places: Places;
  /** Default: all. */
  readonly integrations?: readonly string[];
  /** Rewrite what a case expects to what its mapping gives now. */
  readonly update?: boolean;
};

/** One golden case: `cases/<stream>/<name>/`. */
export type CaseResult = {
  readonly integration: string;
  readonly stream: string;
  readonly name: string;
  readonly passed: boolean;
  /** What differs, one line each: JSON Pointer, expected, got. */
  readonly differences: readonly string[];
  /** The differences are gone: the case now expects what the mapping gives. */
  readonly rewritten?: true;
};

export type CoverageRequest = Pick<CasesRequest, 'places' | 'integrations'>;

/** What the golden cases of one integration exercise of its mappings. */
export type IntegrationCoverage = {
  readonly integration: string;
  readonly exercised: number;
  readonly total: number;
  readonly percent: number;
  /** What the descriptor asks for, in percent. */
  readonly floor?: number;
  readonly mappings: readonly (MappingCoverage & {
    /** Streams may share a mapping. */
    readonly streams: readonly string[];
    readonly file: string;
    readonly percent: number;
  })[];
  /** `case/low-coverage` where the floor is not reached. */
  readonly issues: readonly Issue[];
};

export type RecordRequest = {
  readonly places: Places;
  readonly integration: string;
  readonly connection: ConnectionInput;
  /** Default: those on by default. */
  readonly streams?: readonly string[];
  readonly caseName: string;
  /** Rows a case. */
  readonly limit: number;
  /** Pages read of a stream; the rows are chosen from all of them. */
  readonly pages: number;
  /** Field, by name or pointer with `*`, → kind. */
  readonly decisions: { readonly [field: string]: string };
  /** Folder for the cases; default the integration's own. */
  readonly outDir?: string;
  /** Write over cases of the same name. */
  readonly replace: boolean;
  readonly pace: boolean;
  readonly signal?: AbortSignal;
};

export type RecordReport = {
  readonly integration: string;
  /** False while something is unclassified or would leak, and where no stream gave a row. */
  readonly written: boolean;
  readonly cases: readonly RecordedCase[];
  readonly notRecorded: readonly { readonly stream: string; readonly reason: Reason }[];
  readonly fields: readonly RecordedField[];
  readonly unclassified: readonly UnclassifiedField[];
  readonly leaks: readonly Leak[];
};

export type RecordedCase = {
  readonly stream: string;
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly rows: number;
  readonly records: number;
  readonly rejected: number;
  /** The stream whose rows the case holds, where the vendor refuses the stream itself. */
  readonly derivedFrom?: string;
};

export type SandboxRequest = {
  readonly places: Places;
  readonly integration: string;
  /** Records of the largest collection; default what the sandbox declares. */
  readonly scale?: number;
  readonly seed?: number;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Permissions that the sandbox's application was not granted. */
  readonly without?: readonly string[];
  /** Permissions that it was granted beyond those of the feed. */
  readonly also?: readonly string[];
  /** The tenant has not bought what some streams need. */
  readonly unlicensed?: boolean;
  /** `<stream>:<fault>[:n]`. */
  readonly faults?: readonly string[];
  readonly throttle?: boolean;
  /** What has happened to the data before anybody asks: names the sandbox describes, or texts such as `hosts:update:17`. */
  readonly changes?: readonly string[];
};

export type RunningSandbox = {
  readonly origin: string;
  /** The connection properties that lead a run to this sandbox. */
  readonly connection: { readonly [property: string]: string };
  /** The names of changes that the sandbox describes. */
  readonly changes: readonly string[];
  /** Changes the data, as between two runs: by the name of described changes, a text such as `hosts:update:17`, or as data. */
  change(wanted: string | Change | readonly Change[]): readonly Changed[];
  close(): Promise<void>;
};

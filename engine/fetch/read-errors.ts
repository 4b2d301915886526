import type { ErrorReading, ErrorRule } from '../descriptor/descriptor.ts';
import type { IssueCode } from '../diagnostics/codes.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { allAtPointer } from '../json-pointer.ts';
import { looksLikeHtml } from './parse-json.ts';
import { quoteSource } from './quote-source.ts';

/** What a vendor's error answer says, in our words. */
export type VendorError = {
  readonly means: ErrorRule['means'];
  /** Whether a rule of the descriptor says so, not only the status. */
  readonly ruled: boolean;
  readonly code: IssueCode;
  readonly message: string;
  readonly hint: string;
  readonly httpStatus: number;
  readonly requestId?: string;
  readonly vendorCode?: string;
};

export type ReadErrorOptions = {
  readonly reading: ErrorReading;
  /** `GET https://…`, without query. */
  readonly requestName: string;
  /** Fills the placeholders of a rule's texts; must not throw. */
  readonly fill: (template: string) => string;
  readonly secrets: readonly string[];
  readonly requestIdHeader?: string | undefined;
  /** Read in place of the answer's own text. */
  readonly body?: JsonValue | undefined;
};

/**
 * Reads an error answer by the descriptor's rules, and by its status where no rule fits. The body may be anything:
 * empty, HTML, JSON of another shape.
 */
export function readError(answer: HttpAnswer, options: ReadErrorOptions): VendorError {
  const { reading, requestName, fill, secrets } = options;
  const text = answer.body.toString('utf8');
  const body = options.body ?? parseLeniently(text);
  const codes = codesOf(body, reading.codePointers);
  const said = texts(body, reading.messagePointers)[0];
  const { rule, vendorCode } = findRule(reading.rules, answer.status, codes, said ?? '');
  const general = byStatus(answer.status);
  const means = rule?.means ?? general.means;
  const requestId = requestIdOf(answer, body, options);
  const facts = [
    String(answer.status),
    ...(vendorCode === undefined || vendorCode === String(answer.status)
      ? []
      : [quoteSource(vendorCode, secrets).slice(1, -1)]),
  ];
  const quote = said === undefined ? bodyInWords(text, answer) : `: ${quoteSource(said, secrets)}`;
  const about = `${requestName} answered ${facts.join(', ')}${quote}`;
  return {
    means,
    ruled: rule !== undefined,
    code: codeOf(means, answer.status),
    message: rule === undefined ? sentence(`${general.says} ${about}`) : sentence(`${fill(rule.message)} ${about}`),
    hint: rule === undefined ? general.hint : fill(rule.hint),
    httpStatus: answer.status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(vendorCode === undefined ? {} : { vendorCode }),
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function parseLeniently(text: string): JsonValue {
  try {
    // JSON.parse is typed as any; what it gives is by definition a JsonValue.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as JsonValue;
  } catch {
    return null;
  }
}

/** The codes; the empty one where the vendor wrote no other, as a rule may know what that means. */
function codesOf(body: JsonValue, pointers: readonly string[]): string[] {
  const all = allTexts(body, pointers);
  const telling = all.filter((code) => code !== '');
  return telling.length > 0 ? telling : all.slice(0, 1);
}

function texts(body: JsonValue, pointers: readonly string[]): string[] {
  return allTexts(body, pointers).filter((value) => value !== '');
}

/** All texts and numbers the pointers lead to, each item of a list by itself. */
function allTexts(body: JsonValue, pointers: readonly string[]): string[] {
  return pointers
    .flatMap((pointer) => allAtPointer(body, pointer))
    .flat()
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => String(value).trim());
}

/** Of several codes the most telling one that a rule knows counts; of the rules that then fit, the first. */
function findRule(rules: readonly ErrorRule[], status: number, codes: readonly string[], said: string) {
  const fitting = rules.filter((rule) => fitsStatus(rule, status) && fitsMessage(rule, said));
  const known = codes.find((code) => fitting.some((rule) => rule.code?.includes(code)));
  const rule = fitting.find(({ code }) => code === undefined || (known !== undefined && code.includes(known)));
  const vendorCode = known ?? codes[0];
  return { rule, vendorCode: vendorCode === '' ? undefined : vendorCode };
}

function fitsStatus(rule: ErrorRule, status: number): boolean {
  return rule.status?.includes(status) ?? true;
}

function fitsMessage({ messagePattern }: ErrorRule, said: string): boolean {
  return messagePattern === undefined || new RegExp(messagePattern, 'u').test(said);
}

type General = {
  readonly means: ErrorRule['means'];
  readonly code: IssueCode;
  readonly says: string;
  readonly hint: string;
};

const unavailable: General = {
  means: 'failed',
  code: 'fetch/unavailable',
  says: 'The source has trouble of its own.',
  hint: "Try again later, and look at the vendor's status page.",
};

const badRequest: General = {
  means: 'failed',
  code: 'fetch/bad-request',
  says: 'The source did not accept the request.',
  hint: 'The descriptor or a connection property asks for something the source does not offer; its own words may tell which.',
};

const general: { readonly [status: number]: General } = {
  401: {
    means: 'denied',
    code: 'fetch/unauthorized',
    says: 'The source does not accept our credentials.',
    hint: 'Check that the credentials are current and meant for this address.',
  },
  403: {
    means: 'denied',
    code: 'fetch/permission-denied',
    says: 'The source refuses this to our credentials.',
    hint: 'Grant the permissions that `sluice explain` lists for this stream, have an administrator consent, and run again.',
  },
  404: {
    means: 'failed',
    code: 'fetch/not-found',
    says: 'The source does not know this address.',
    hint: 'Check the base address and the connection properties that stand in it.',
  },
  408: unavailable,
  410: {
    means: 'retired',
    code: 'fetch/retired',
    says: 'The vendor has taken this address out of service.',
    hint: 'Look for a successor with `sluice explain`, and leave this stream out.',
  },
  429: {
    means: 'failed',
    code: 'fetch/throttled',
    says: 'The source asks for fewer requests.',
    hint: 'Run again later, or at a time when fewer programs use the same account; lower the rate limit of the descriptor.',
  },
};

function byStatus(status: number): General {
  return general[status] ?? (status >= 500 ? unavailable : badRequest);
}

function codeOf(means: ErrorRule['means'], status: number): IssueCode {
  switch (means) {
    case 'denied':
      return status === 401 ? 'fetch/unauthorized' : 'fetch/permission-denied';
    case 'unlicensed':
      return 'fetch/unlicensed';
    case 'retired':
      return 'fetch/retired';
    case 'expired-page-token':
      return 'fetch/expired-page-token';
    case 'resync':
      return 'fetch/resync';
    case 'throttled':
      return 'fetch/throttled';
    case 'ignore':
      return 'fetch/bad-request';
    case 'retry':
      return status === 429 ? 'fetch/throttled' : 'fetch/unavailable';
    case 'failed': {
      // A rule that says "failed" overrules what the status alone would say of rights and retirement; a token stays refused.
      const { means: usual, code } = byStatus(status);
      return usual === 'failed' || status === 401 ? code : 'fetch/bad-request';
    }
    default:
      return means satisfies never;
  }
}

function requestIdOf(answer: HttpAnswer, body: JsonValue, options: ReadErrorOptions): string | undefined {
  const { requestIdHeader, reading } = options;
  const header = requestIdHeader === undefined ? undefined : answer.headers[requestIdHeader.toLowerCase()];
  return header ?? texts(body, reading.requestIdPointers)[0];
}

function bodyInWords(text: string, { headers }: HttpAnswer): string {
  if (text.trim() === '') return ' with an empty body';
  return looksLikeHtml(text, headers['content-type'] ?? '') ? ' with an HTML page' : '';
}

import type {
  AuthDescription,
  CollectionDescription,
  ErrorDescription,
  FilterDescription,
  PagingDescription,
  RouteAnswer,
  RouteDescription,
  SandboxDescription,
  TokenDescription,
} from './sandbox-description.ts';

/** A description as its author writes it: the schema says what may be left out. */
export type WrittenDescription = Partial<
  Omit<SandboxDescription, 'auth' | 'routes' | 'token' | 'paging' | 'errors'>
> & {
  readonly auth?: Written<AuthDescription> | readonly Written<AuthDescription>[];
  readonly token?: Written<TokenDescription>;
  readonly paging?: Partial<PagingDescription>;
  readonly errors?: Partial<SandboxDescription['errors']>;
  readonly routes?: { readonly [name: string]: Written<RouteDescription> };
};

/** Unchecked here: what must be there, the schema has seen. */
type Written<Whole> = { readonly [Key in keyof Whole]?: unknown } & { readonly kind?: string };

/** Fills in what the description leaves out. */
export function withDefaults(written: WrittenDescription): SandboxDescription {
  const { token, errors, routes = {}, collections = {}, families = {} } = written;
  return {
    formatVersion: 1,
    scale: written.scale ?? 1000,
    values: written.values ?? {},
    connection: written.connection ?? {},
    granted: written.granted ?? [],
    auth: authOf(written),
    ...(token !== undefined && { token: tokenOf(token) }),
    headers: written.headers ?? {},
    ...(written.clientRequestIdHeader !== undefined && { clientRequestIdHeader: written.clientRequestIdHeader }),
    paging: { ...usualPaging, ...written.paging },
    errors: {
      body: errors?.body ?? usualErrorBody,
      html: errors?.html ?? '<!DOCTYPE html><html><body><h1>503 Service Unavailable</h1></body></html>',
      retryAfterSeconds: errors?.retryAfterSeconds ?? 1,
      named: errors?.named ?? {},
      byStatus: { ...usualStatuses, ...errors?.byStatus },
      others: errors?.others ?? {},
    },
    families: { ...families, [noFamily]: { licensed: false } },
    routes: mapValues(routes, routeOf),
    lists: written.lists ?? {},
    collections: mapValues(collections, collectionOf),
    changes: written.changes ?? {},
  };
}

/** Routes that name no family share no limit. */
const noFamily = 'none';

const usualPaging: PagingDescription = {
  kind: 'token',
  tokenParameter: 'page',
  ignored: [],
  envelope: '{rows}',
  linkHeader: false,
  tokenForm: 'text',
};

const usualErrorBody = { error: '{code}', message: '{message}' };

const usualStatuses: { readonly [status: string]: ErrorDescription } = Object.fromEntries(
  [400, 401, 403, 404, 409, 429, 500, 502, 503, 504].map((status): [string, ErrorDescription] => [
    String(status),
    {
      status,
      say: { code: `status-${status}`, message: `The sandbox was told to answer ${status}.` },
      ...([429, 503].includes(status) && { headers: { 'Retry-After': '{retryAfter}' } }),
    },
  ]),
);

// The schema has seen that each of these is what its type says; only what may be left out is filled in here.

function authOf({ auth, token }: WrittenDescription): readonly AuthDescription[] {
  const written = auth ?? { kind: token === undefined ? 'none' : 'token' };
  const list: readonly Written<AuthDescription>[] = isList(written) ? written : [written];
  return list.map((one) => {
    if (one.kind === 'token') return { scheme: 'Bearer', ...one } as AuthDescription;
    if (one.kind !== 'signed-request') return one as AuthDescription;
    const signed = {
      encoding: 'hex',
      ...one,
      date: { header: 'Date', toleranceSeconds: 300, ...('date' in one ? (one.date as object) : {}) },
    };
    return signed as AuthDescription;
  });
}

function tokenOf(token: Written<TokenDescription>): TokenDescription {
  const { assertion } = token;
  return {
    lifetimeSeconds: 3600,
    clientId: '{clientId}',
    clientSecret: '{clientSecret}',
    status: 200,
    headers: {},
    answer: { token_type: 'Bearer', expires_in: '{lifetimeSeconds}', access_token: '{accessToken}' },
    claims: {},
    claimsBy: { secret: {}, assertion: {} },
    errorBody: { error: '{error}', error_description: '{text}' },
    rules: [],
    ...token,
    ...(assertion !== undefined && {
      assertion: { field: 'client_assertion', ownKey: false, ...(assertion as object) },
    }),
  } as TokenDescription;
}

function routeOf(route: Written<RouteDescription>): RouteDescription {
  return {
    method: 'GET',
    family: noFamily,
    versions: [],
    permissions: [],
    ...route,
    answer: answerOf(route.answer as Written<RouteAnswer>),
  } as RouteDescription;
}

const everything = { filters: [], showsWith: [], heldBackSeconds: 0 };

function answerOf(answer: Written<RouteAnswer>): RouteAnswer {
  const kinds: { readonly [kind: string]: object } = {
    list: { ...everything, pageSize: 100, maxPageSize: 1000, aboveMax: 'refuse' },
    delta: { pageSize: 100, deltaSeconds: 604_800 },
    details: { max: 100, envelope: '{rows}' },
    job: { ...everything, queuedPolls: 1, workingPolls: 2, expiresSeconds: 86_400, duplicates: 'refuse', atOnce: 10 },
    'job-chunk': { contentType: 'application/json' },
    batch: { max: 20 },
  };
  const whole = { ...kinds[answer.kind ?? ''], ...answer };
  const filters = 'filters' in whole ? { filters: (whole.filters as object[]).map(filterOf) } : {};
  const sort =
    answer.kind === 'list'
      ? { sort: { default: 'stored', choices: {}, ...('sort' in whole ? (whole.sort as object) : {}) } }
      : {};
  const size = answer.kind === 'job' ? { size: sizeOf('size' in whole ? (whole.size as object) : {}) } : {};
  const states =
    answer.kind === 'job' ? { states: { ...usualStates, ...('states' in whole ? (whole.states as object) : {}) } } : {};
  return { ...whole, ...filters, ...sort, ...size, ...states } as RouteAnswer;
}

const usualStates = {
  queued: 'QUEUED',
  working: 'PROCESSING',
  done: 'FINISHED',
  failed: 'ERROR',
  cancelled: 'CANCELLED',
};

function sizeOf(size: object) {
  return { default: 1000, least: 1, most: 10_000, beyond: 'refuse', required: false, of: 'rows', ...size };
}

function filterOf(filter: object): FilterDescription {
  return { is: '=', unit: 'text', required: false, once: false, ...filter } as FilterDescription;
}

function collectionOf(collection: CollectionDescription): CollectionDescription {
  return { ...{ ratio: 1, enums: [], updated: {} }, ...collection };
}

function mapValues<Value, Result>(
  values: { readonly [name: string]: Value },
  change: (value: Value) => Result,
): { readonly [name: string]: Result } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** Array.isArray does not narrow readonly lists. */
function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

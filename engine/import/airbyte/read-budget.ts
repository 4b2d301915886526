import type { JsonObject } from '../../records.ts';
import { inside, isThere, itemsOf, lost, numberOf, type Place, textOf } from '../place.ts';
import { isoSeconds } from '../times.ts';

type Policy = { readonly name: string; readonly matchers: readonly Matcher[] };
type Matcher = { readonly method?: string; readonly base?: string; readonly path?: RegExp };

/** The budgets of a manifest, and which of them a request belongs to. */
export type Budgets = {
  readonly limits: JsonObject;
  readonly nameFor: (method: string, address: string) => string | undefined;
  /** Statuses beside 429 that say that a budget is used up. */
  readonly throttling: readonly number[];
};

export function readBudget(place: Place, concurrency: number | undefined): Budgets {
  const limits: JsonObject = {};
  const policies: Policy[] = [];
  const quota = quotaOf(place);
  for (const policy of itemsOf(inside(place, 'policies'))) {
    const matchers = itemsOf(inside(policy, 'matchers')).flatMap(readMatcher);
    const limit = limitOf(policy);
    const name = policies.length === 0 ? 'api' : `api-${policies.length + 1}`;
    if (limit === undefined) continue;
    limits[name] = {
      ...limit,
      ...(concurrency !== undefined && { concurrency }),
      ...(quota !== undefined && { quota }),
    };
    policies.push({ name, matchers });
  }
  const throttling = itemsOf(inside(place, 'status_codes_for_ratelimit_hit')).flatMap((one) => numberOf(one) ?? []);
  return {
    limits,
    throttling: throttling.filter((status) => status !== 429),
    nameFor: (method, address) => policies.find(({ matchers }) => fits(matchers, method, address))?.name,
  };
}

function limitOf(place: Place): JsonObject | undefined {
  const type = textOf(inside(place, 'type'));
  if (type === 'UnlimitedCallRatePolicy') return undefined;
  if (type === 'FixedWindowCallRatePolicy') {
    return budget(place, inside(place, 'call_limit'), inside(place, 'period'));
  }
  const [first, ...others] = itemsOf(inside(place, 'rates'));
  for (const other of others)
    lost(
      other,
      'Of several rates of one policy only the first is carried.',
      'A stream keeps to one budget: take the tightest.',
    );
  if (first !== undefined) return budget(first, inside(first, 'limit'), inside(first, 'interval'));
  lost(place, `The policy ${type ?? 'without a type'} has no equivalent.`);
  return undefined;
}

function budget(place: Place, limit: Place, span: Place): JsonObject | undefined {
  const requests = numberOf(limit);
  const perSeconds = isoSeconds(textOf(span) ?? '')?.seconds;
  if (requests !== undefined && requests >= 1 && perSeconds !== undefined && perSeconds > 0)
    return { requests, perSeconds };
  lost(place, 'A budget that is computed has no equivalent.', 'Give "requests" and "perSeconds" as numbers.');
  return undefined;
}

function quotaOf(place: Place): JsonObject | undefined {
  const remaining = inside(place, 'ratelimit_remaining_header');
  const reset = inside(place, 'ratelimit_reset_header');
  if (!isThere(remaining) && !isThere(reset)) return undefined;
  return {
    remaining: textOf(remaining) ?? 'ratelimit-remaining',
    reset: textOf(reset) ?? 'ratelimit-reset',
    resetIn: 'epoch-auto',
    pauseBelow: 0,
  };
}

function readMatcher(place: Place): Matcher[] {
  const base = textOf(inside(place, 'url_base'));
  const pattern = textOf(inside(place, 'url_path_pattern'));
  const method = textOf(inside(place, 'method'));
  for (const key of ['params', 'headers']) {
    const own = inside(place, key);
    if (isThere(own)) lost(own, `A budget that goes by "${key}" has no equivalent: streams name their budget.`);
  }
  const path = pattern === undefined ? undefined : patternOf(pattern);
  if (pattern !== undefined && path === undefined) {
    lost(inside(place, 'url_path_pattern'), 'This pattern of a path is not known.');
    return [];
  }
  return [
    {
      ...(base !== undefined && { base }),
      ...(method !== undefined && { method }),
      ...(path !== undefined && { path }),
    },
  ];
}

function patternOf(pattern: string): RegExp | undefined {
  try {
    return pattern.length > 500 ? undefined : new RegExp(pattern);
  } catch {
    return undefined;
  }
}

function fits(matchers: readonly Matcher[], method: string, address: string): boolean {
  const path = address.replace(/^[a-z]+:\/\/[^/]*|^\{\w+\}/i, '');
  return (
    matchers.length === 0 ||
    matchers.some(
      (matcher) =>
        (matcher.method === undefined || matcher.method.toUpperCase() === method) &&
        (matcher.base === undefined || address.startsWith(matcher.base)) &&
        (matcher.path === undefined || matcher.path.test(path)),
    )
  );
}

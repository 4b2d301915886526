import type { Descriptor } from '../descriptor/descriptor.ts';
import { count, list, number } from './quantities.ts';

/** How fast a feed goes and how patient it is, a sentence for each budget and one for repeats. */
export function describeLimits({ rateLimits, streams, retry }: Descriptor): string[] {
  const budgets = Object.entries(rateLimits).map(([name, { requests, perSeconds, concurrency }]) => {
    const users = streams.filter((stream) => stream.rateLimit === name).map((stream) => stream.name);
    const pace = `${count(requests, 'request')} in any ${count(perSeconds, 'second')}, ${number(concurrency)} at once`;
    return `${name}: at most ${pace}, shared by ${list(users)}.`;
  });
  const patience = `A request is tried up to ${count(retry.maxTries, 'time')}; a stream waits at most ${count(retry.budgetSeconds, 'second')} for repeats.`;
  return [...budgets, patience];
}

/** How it stands with a limit. */
export type Quota = {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the next request would be let in; absent: it is let in. */
  readonly waitSeconds?: number;
  /** Seconds until the oldest request that counts no longer does. */
  readonly resetSeconds: number;
};

export type Throttle = (now: Date) => Quota;

/** At most `requests` in any `perSeconds`. Refused requests count as well, so hammering keeps the door shut. */
export function createThrottle({ requests, perSeconds }: { requests: number; perSeconds: number }): Throttle {
  let times: number[] = [];
  return (now) => {
    const at = now.getTime();
    times = times.filter((time) => time > at - perSeconds * 1000);
    times.push(at);
    const untilFree = (time: number): number => Math.ceil((time + perSeconds * 1000 - at) / 1000);
    const blocking = times.length > requests ? times.at(-requests) : undefined;
    return {
      limit: requests,
      remaining: Math.max(0, requests - times.length),
      ...(blocking !== undefined && { waitSeconds: untilFree(blocking) }),
      resetSeconds: untilFree(times[0] ?? at),
    };
  };
}

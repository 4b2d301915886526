/** `undefined`: go on. Otherwise the seconds until the next request would be let in. */
export type Throttle = (now: Date) => number | undefined;

/** At most `requests` in any `perSeconds`. Refused requests count as well, so hammering keeps the door shut. */
export function createThrottle({ requests, perSeconds }: { requests: number; perSeconds: number }): Throttle {
  let times: number[] = [];
  return (now) => {
    const at = now.getTime();
    times = times.filter((time) => time > at - perSeconds * 1000);
    times.push(at);
    const blocking = times.length > requests ? times.at(-requests) : undefined;
    return blocking === undefined ? undefined : Math.ceil((blocking + perSeconds * 1000 - at) / 1000);
  };
}

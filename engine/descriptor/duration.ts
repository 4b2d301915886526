const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `24h`, `7d` in milliseconds; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  // The pattern lets through the keys of `units` only.
  return unit === undefined ? undefined : Number(count) * units[unit as keyof typeof units];
}

/** 5,000 */
export function number(value: number): string {
  return value.toLocaleString('en');
}

/** `1 stream`, `1,200 records`; the plural is regular unless given. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** `0 s`, `35 ms`, `3.1 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 100) return `${Math.ceil(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${number(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

/** `a`, `a and b`, `a, b and c` */
export function list(words: readonly string[], link: 'and' | 'or' = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${link} ${last}`;
}

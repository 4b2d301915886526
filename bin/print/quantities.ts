import { count, list, number } from '../../engine/index.ts';

export { count, list, number };

/** `0 s`, `35 ms`, `3.1 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 100) return `${Math.ceil(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${number(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

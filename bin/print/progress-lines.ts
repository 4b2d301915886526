import type { RunEvent, StreamReport } from '../../engine/index.ts';
import type { Progress } from './progress.ts';
import { count, duration, number } from './quantities.ts';

/** One line when a stream starts and one when it ends: for pipes and log files. */
export function progressLines(say: (line: string) => void): Progress {
  return {
    show(event) {
      const line = progressLine(event);
      if (line !== undefined) say(line);
    },
    end: () => Promise.resolve(),
  };
}

function progressLine(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'stream-started':
      return `${event.stream}: started`;
    case 'stream-ended':
      return `${event.report.stream}: ${endedAs(event.report)}`;
    case 'notice':
      return event.stream === undefined ? event.message : `${event.stream}: ${event.message}`;
    case 'run-started':
    case 'page':
    case 'waiting':
    case 'deriving':
    case 'run-ended':
      return undefined;
  }
}

/** `complete, 5,000 received, 4,998 accepted, 1 rejected, 1 duplicate in 3.1 s` */
export function endedAs({ ending, received, accepted, rejected, duplicates, durationMs }: StreamReport): string {
  const books = [
    `${number(received)} received`,
    `${number(accepted)} accepted`,
    ...(rejected === 0 ? [] : [`${number(rejected)} rejected`]),
    ...(duplicates === 0 ? [] : [count(duplicates, 'duplicate')]),
  ];
  return `${ending}, ${books.join(', ')} in ${duration(durationMs)}`;
}

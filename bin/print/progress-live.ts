import {
  Listr,
  type ListrDefaultRendererLogLevels,
  type ListrTaskWrapper,
  ListrLogger,
  ProcessOutput,
  DefaultRenderer,
  type SimpleRenderer,
} from 'listr2';
import type { RunEvent, StreamReport } from '../../engine/index.ts';
import type { Progress } from './progress.ts';
import { endedAs } from './progress-lines.ts';
import { count, duration, number } from './quantities.ts';
import { visible } from './visible.ts';

/** One moving line a stream, for terminals. It clears itself away: the summary says it all again. */
export async function progressLive(): Promise<Progress> {
  await draw([]); // listr2 loads what it draws with at its first use; in a busy run that would take seconds
  const lines = new Map<string, StreamLine>();
  let drawing: Promise<unknown> = Promise.resolve();
  return {
    show(event) {
      if (event.kind === 'run-started') {
        for (const stream of event.streams) lines.set(stream, streamLine(stream));
        drawing = draw([...lines.values()]);
      }
      const told = tellingOf(event);
      if (told !== undefined) lines.get(told.stream)?.tell(told.words);
      if (event.kind === 'stream-ended') lines.get(event.report.stream)?.end(event.report);
    },
    async end() {
      for (const line of lines.values()) line.end();
      await drawing;
    },
  };
}

type Task = ListrTaskWrapper<unknown, typeof OnStandardError, typeof SimpleRenderer>;
type StreamLine = {
  readonly stream: string;
  run(task: Task): Promise<void>;
  tell(words: string): void;
  end(report?: StreamReport): void;
};

/** Joins what listr2 wants, a promise per task, to what we have, events; they may come before listr2 has begun. */
function streamLine(stream: string): StreamLine {
  let title = stream;
  let task: Task | undefined;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let ending: StreamReport['ending'] = 'complete';
  function retitle(words: string) {
    title = `${stream}: ${words}`;
    if (task !== undefined) task.title = title;
  }
  return {
    stream,
    async run(started) {
      task = started;
      task.title = title;
      await finished;
      if (ending !== 'complete') task.skip(title);
    },
    tell: retitle,
    end(report) {
      if (report !== undefined) {
        ending = report.ending;
        retitle(endedAs(report));
      }
      finish();
    },
  };
}

/**
 * Standard output is for data, so we draw on standard error. listr2 asks whether standard *output* is a terminal, and
 * if not, would print its plain lines there, into the data.
 */
class OnStandardError extends DefaultRenderer {
  static override nonTTY = true;
}

function draw(lines: readonly StreamLine[]): Promise<unknown> {
  const tasks = lines.map((line) => ({ title: line.stream, task: (_: unknown, task: Task) => line.run(task) }));
  const listr = new Listr(tasks, {
    renderer: OnStandardError,
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // Ctrl-C is ours: the run ends in order
    rendererOptions: {
      clearOutput: true,
      formatOutput: 'truncate',
      collapseSkips: true,
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        useIcons: true,
        processOutput: new ProcessOutput(process.stderr, process.stderr),
      }),
    },
  });
  return listr.run();
}

function tellingOf(event: RunEvent): { readonly stream: string; readonly words: string } | undefined {
  switch (event.kind) {
    case 'stream-started':
      return { stream: event.stream, words: 'asking …' };
    case 'page': {
      const rejected = event.rejected === 0 ? '' : `, ${number(event.rejected)} rejected`;
      return {
        stream: event.stream,
        words: `${count(event.received, 'row')} in ${count(event.pages, 'page')}${rejected}`,
      };
    }
    case 'waiting':
      return { stream: event.stream, words: `waiting ${duration(event.ms)}: ${visible(event.why)}` };
    case 'deriving':
      return { stream: event.stream, words: `computing from ${event.from}: ${visible(event.why)}` };
    case 'notice':
      return event.stream === undefined ? undefined : { stream: event.stream, words: visible(event.message) };
    case 'run-started':
    case 'stream-ended':
    case 'run-ended':
      return undefined;
  }
}

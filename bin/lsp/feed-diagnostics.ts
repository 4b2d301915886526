import { resolve } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { Issue, Validation } from '../../engine/index.ts';

export type FeedDiagnosticsOptions = {
  readonly validate: (folder: string) => Promise<Validation>;
  readonly toDiagnostic: (issue: Issue, file: string) => Diagnostic;
  readonly publish: (file: string, diagnostics: Diagnostic[]) => void;
  /** Told of a validation that could not be done. */
  readonly onFailure: (folder: string, cause: unknown) => void;
};

export type FeedDiagnostics = {
  /** Validates a feed after so many milliseconds, unless it is asked for again before. */
  readonly schedule: (folder: string, delayMs: number) => void;
  readonly close: () => void;
};

/** Keeps what an editor shows of each feed the same as what `sluice validate` says of it. */
export function keepDiagnostics(options: FeedDiagnosticsOptions): FeedDiagnostics {
  const feeds = new Map<string, Feed>();
  return {
    schedule(folder, delayMs) {
      const feed = feeds.get(folder) ?? { asked: 0, timer: undefined, shown: new Set() };
      feeds.set(folder, feed);
      clearTimeout(feed.timer);
      feed.timer = setTimeout(() => void refresh(folder, feed, options), delayMs);
      feed.asked++;
    },
    close() {
      for (const { timer } of feeds.values()) clearTimeout(timer);
      feeds.clear();
    },
  };
}

type Feed = {
  /** How often it was asked for; an answer to an earlier question than the last is stale. */
  asked: number;
  timer: NodeJS.Timeout | undefined;
  /** Files that show something. */
  shown: Set<string>;
};

async function refresh(folder: string, feed: Feed, options: FeedDiagnosticsOptions): Promise<void> {
  const { asked } = feed;
  try {
    const { issues } = await options.validate(folder);
    if (asked !== feed.asked) return;
    const byFile = groupByFile(issues, folder);
    for (const file of feed.shown) if (!byFile.has(file)) options.publish(file, []);
    for (const [file, found] of byFile) {
      options.publish(
        file,
        found.map((issue) => options.toDiagnostic(issue, file)),
      );
    }
    feed.shown = new Set(byFile.keys());
  } catch (cause) {
    options.onFailure(folder, cause);
  }
}

function groupByFile(issues: readonly Issue[], folder: string): Map<string, Issue[]> {
  const byFile = new Map<string, Issue[]>();
  for (const issue of issues) {
    const file = fileOf(issue.at?.file, folder);
    byFile.set(file, [...(byFile.get(file) ?? []), issue]);
  }
  return byFile;
}

function fileOf(file: string | undefined, folder: string): string {
  return file === undefined || file === '' ? resolve(folder, 'integration.yaml') : resolve(file);
}

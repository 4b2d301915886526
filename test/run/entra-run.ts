import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { CannotRunError, type Places, type RunEvent, type RunRequest } from '../../engine/index.ts';
import { type ScratchRun, runScratch } from '../support/run-scratch.ts';
import {
  changedIntegration,
  quickRetry,
  schemasDir,
  scratchFolder,
  shippedPlaces,
} from '../support/scratch-integration.ts';

const feed = 'microsoft-entra-mfa';

export type Connection = { readonly [property: string]: string };
export type More = Partial<RunRequest> & { readonly set?: Connection };

/** The shipped feed in small pages, so that a small tenant has several of them, and with retries that cost no time. */
function quickened(descriptor: string): string {
  return `${descriptor.replaceAll('$top=999', '$top=20')}\n${quickRetry}\n`;
}

/** The same, changed once more for one test. */
export function quickFeed(change: (descriptor: string) => string): Promise<Places> {
  return changedIntegration(feed, (text) => change(quickened(text)));
}

let quick: Places;
beforeAll(async () => {
  // Once for all runs of a file, and without the golden cases, which no run reads.
  const dir = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  const from = join(shippedPlaces.integrationsDirs[0] ?? '', feed);
  const to = join(dir, feed);
  await cp(from, to, { recursive: true, filter: (path) => path !== join(from, 'cases') });
  await writeFile(join(to, 'integration.yaml'), quickened(await readFile(join(from, 'integration.yaml'), 'utf8')));
  quick = { integrationsDirs: [dir], schemasDir };
  return () => rm(dir, { recursive: true, force: true });
});

/** Runs the feed, and fails the test if the secret, a token or a page token shows in anything told to people. */
export async function runFeed(connection: Connection, { set = {}, ...more }: More = {}): Promise<ScratchRun> {
  const events: RunEvent[] = [];
  const properties = { ...connection, ...set };
  const places = more.places ?? quick;
  const run = await runScratch(places, feed, properties, { onEvent: (event) => events.push(event), ...more });
  await refuseSecrets(run.dir, [JSON.stringify(events)], properties);
  return run;
}

/** What a run that cannot begin says, with its report; holds both to the same silence about secrets. */
export async function cannotRun(
  connection: Connection,
  more: More = {},
): Promise<{ error: CannotRunError; report: unknown }> {
  const dir = await scratchFolder();
  const error: unknown = await runFeed(connection, { ...more, out: { dir } }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof CannotRunError)) throw new Error('The run began.', { cause: error });
  await refuseSecrets(dir, [error.message, error.hint ?? '', JSON.stringify(error.issues)], {
    ...connection,
    ...more.set,
  });
  const files = await readdir(dir);
  const report: unknown = files.includes('report.json')
    ? JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'))
    : undefined;
  return { error, report };
}

async function refuseSecrets(dir: string, told: readonly string[], { clientSecret = '' }: Connection): Promise<void> {
  const files = await Promise.all((await readdir(dir)).map((file) => readFile(join(dir, file), 'utf8')));
  for (const text of [...files, ...told]) {
    for (const secret of [clientSecret, encodeURIComponent(clientSecret)]) {
      if (secret !== '' && text.includes(secret)) throw new Error('The client secret was told.');
    }
    // Access tokens of the sandbox are JSON Web Tokens, as the vendor's are; other stand-ins say opaque-0.
    if (/eyJ[\w-]{10,}\.[\w-]+|Bearer |[Ss]kip[Tt]oken|opaque-\d/.test(text)) throw new Error('A token was told.');
  }
}

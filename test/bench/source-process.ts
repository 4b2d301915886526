import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type SourceProcess = {
  readonly origin: string;
  /** Requests for pages until now, the refused ones included. */
  asked(): Promise<number>;
  close(): Promise<void>;
};

/** Starts `page-server.ts` in a process of its own, and waits until its pages are made. */
export async function startSource(
  root: string,
  { pages, rowsAPage, refuseEvery }: { pages: number; rowsAPage: number; refuseEvery?: number },
): Promise<SourceProcess> {
  const args = [pages, rowsAPage, ...(refuseEvery === undefined ? [] : [refuseEvery])].map(String);
  const server = fork(join(root, 'dist', 'test', 'bench', 'page-server.js'), args);
  const { origin } = await answer<{ origin: string }>(server);
  return {
    origin,
    async asked() {
      server.send('asked');
      return (await answer<{ asked: number }>(server)).asked;
    },
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function answer<Message>(server: ChildProcess): Promise<Message> {
  const [message] = (await once(server, 'message')) as [Message];
  return message;
}

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { CannotRunError } from '../diagnostics/engine-error.ts';

/** Who holds the state of a connection. */
type Owner = {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** When the process began, in the kernel's own count: tells it from a later one of the same number. */
  readonly began?: string;
};

export type Lock = {
  /** Whose abandoned lock was taken over, in words. */
  readonly tookOver?: string;
  release(): Promise<void>;
};

/**
 * One writer at a time. The lock of a process of this host that is gone is taken over; one of a live process, or of
 * another host, of which nothing can be known, is `state/locked`.
 */
export async function takeLock(path: string, now: Date): Promise<Lock> {
  const began = await processBegan(process.pid);
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    since: now.toISOString(),
    ...(began === undefined ? {} : { began }),
  };
  const text = `${JSON.stringify(mine)}\n`;
  const release = () => rm(path, { force: true });
  if (await created(path, text)) return { release };
  const held = await readFile(path, 'utf8').catch(() => '');
  const owner = readOwner(held);
  if (owner === undefined || !(await isGone(owner))) throw locked(path, owner);
  // Of two who find the same abandoned lock, one moves it away, and the other finds it gone.
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  await rm(aside, { force: true });
  if (moved !== held || !(await created(path, text))) throw locked(path, undefined);
  return { tookOver: `process ${owner.pid}, which began ${owner.since} and is gone`, release };
}

async function created(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    // Every error of the file system is a NodeJS.ErrnoException.
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

function readOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner; // checked below
    return typeof owner.pid === 'number' && typeof owner.host === 'string' ? owner : undefined;
  } catch {
    return undefined;
  }
}

async function isGone({ pid, host, began }: Owner): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // As above. EPERM: there is such a process, of another user.
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = await processBegan(pid);
  return began !== undefined && now !== undefined && now !== began;
}

/** Field 22 of Linux's `/proc/<pid>/stat`; elsewhere the number of the process must do. */
async function processBegan(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function locked(path: string, owner: Owner | undefined): CannotRunError {
  const who =
    owner === undefined ? 'another run' : `process ${owner.pid} on ${owner.host}, at work since ${owner.since}`;
  return new CannotRunError('state/locked', `The state of this connection is in the hands of ${who}.`, {
    hint: `Wait for it to end. If you know that it is gone, remove ${path}.`,
  });
}

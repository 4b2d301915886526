import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { statSync, truncateSync } from 'node:fs';

/**
 * Stands between a program and its files: counts every effect on them (a write, a sync, a rename …) and, at the one it
 * is told, lets the program die there. From then on no effect reaches the disk, and what had been written to a file
 * since its last sync is cut at a place of its own choosing, as after a loss of power.
 *
 * Plain JavaScript, so that `node --import` can load it in front of the compiled program as well.
 */
export function faultyFiles() {
  const real = { open: fsp.open, rename: fsp.rename, rm: fsp.rm, copyFile: fsp.copyFile, writeFile: fsp.writeFile };
  const state = { effects: 0, dieAt: Infinity, midway: false, dead: false, within: '/', onDeath: () => undefined, random: Math.random };
  /** path → bytes that are surely on disk */
  const synced = new Map();
  /** Opened by the one that died, who cannot close them. */
  let handles = [];
  let prototype;

  /** Counts an effect. `partly` does a part of it, for a death in the middle. */
  async function effect(work, partly) {
    if (state.dead) throw new Crash();
    state.effects += 1;
    if (state.effects < state.dieAt) return work();
    if (partly === undefined) state.midway = false;
    if (state.midway) await partly();
    state.dead = true;
    state.onDeath();
    throw new Crash();
  }

  async function patchHandles() {
    const handle = await real.open(new URL(import.meta.url), 'r');
    prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const own = { appendFile: prototype.appendFile, writeFile: prototype.writeFile, sync: prototype.sync, truncate: prototype.truncate };
    const writer = (name) =>
      function (data, ...rest) {
        const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data);
        const partly = () => own[name].call(this, bytes.subarray(0, Math.floor(state.random() * bytes.length)));
        // FileHandle.appendFile is FileHandle.writeFile underneath; only the outer one counts.
        if (this.swept === true || this.path0 === undefined) return own[name].call(this, data, ...rest);
        this.swept = true;
        return effect(() => own[name].call(this, data, ...rest), partly).finally(() => {
          this.swept = false;
        });
      };
    prototype.appendFile = writer('appendFile');
    prototype.writeFile = writer('writeFile');
    prototype.sync = function () {
      if (this.path0 === undefined) return own.sync.call(this);
      // The disk is the kernel's business; here a sync only says what is sure. A real one would cost the sweep minutes.
      return effect(async () => {
        synced.set(this.path0, statSync(this.path0).size);
      });
    };
    prototype.truncate = function (length) {
      if (this.path0 === undefined) return own.truncate.call(this, length);
      return effect(async () => {
        await own.truncate.call(this, length);
        synced.set(this.path0, length);
      });
    };
    return own;
  }

  return {
    state,
    async install() {
      const isSwept = (path) => typeof path === 'string' && path.startsWith(state.within);
      const own = await patchHandles();
      fsp.open = (path, flags, ...rest) => {
        if (flags === undefined || flags === 'r' || !isSwept(path)) return real.open(path, flags, ...rest);
        return effect(async () => {
          const handle = await real.open(path, flags, ...rest);
          handle.path0 = String(path);
          handles.push(handle);
          if (flags === 'w') synced.set(String(path), 0);
          return handle;
        });
      };
      fsp.rename = (from, to) =>
        isSwept(to) ? effect(async () => {
          await real.rename(from, to);
          synced.set(String(to), synced.get(String(from)) ?? 0);
          synced.delete(String(from));
        }) : real.rename(from, to);
      fsp.rm = (path, ...rest) => (isSwept(path) ? effect(() => real.rm(path, ...rest)) : real.rm(path, ...rest));
      fsp.copyFile = (from, to, ...rest) =>
        effect(async () => {
          await real.copyFile(from, to, ...rest);
          synced.set(String(to), 0);
        });
      fsp.writeFile = (path, ...rest) =>
        isSwept(path) ? effect(() => real.writeFile(path, ...rest)) : real.writeFile(path, ...rest);
      syncBuiltinESMExports();
      return () => {
        Object.assign(fsp, real);
        Object.assign(prototype, own);
        syncBuiltinESMExports();
      };
    },
    /** Cuts what was never synced at a place between nothing and all of it. */
    async loseUnsynced() {
      await Promise.allSettled(handles.map((handle) => handle.close()));
      handles = [];
      for (const [path, sure] of synced) {
        const size = statSync(path, { throwIfNoEntry: false })?.size;
        if (size !== undefined && size > sure) truncateSync(path, sure + Math.floor(state.random() * (size - sure + 1)));
      }
      synced.clear();
    },
    reset(dieAt, midway) {
      Object.assign(state, { effects: 0, dieAt, midway, dead: false });
      synced.clear();
    },
  };
}

export class Crash extends Error {
  constructor() {
    super('The process died here.');
  }
}


import { faultyFiles } from './faulty-files.mjs';

/** Loaded in front of a program: kills its own process at the effect on its files that KILL_AT_EFFECT counts to. */
const files = faultyFiles();
await files.install();
files.reset(Number(process.env.KILL_AT_EFFECT), true);
files.state.within = process.env.KILL_WITHIN.replace(/state$/, '');
files.state.onDeath = () => process.kill(process.pid, 'SIGKILL');

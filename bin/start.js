/** `npm start`: prepares what is missing, then shows the Entra MFA feed against its built-in sandbox tenant. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './prepare.js';

const feed = 'microsoft-entra-mfa';
const root = fileURLToPath(new URL('..', import.meta.url));
const out = join('sluice-out', feed);

process.on('SIGINT', () => undefined); // Ctrl-C reaches the run as well, which ends in order; wait for it
const demo = [join('bin', 'run.js'), 'run', feed, '--sandbox', '--all-streams', '--out', out];
spawn(process.execPath, demo, { cwd: root, stdio: 'inherit' }).on('close', (code) => {
  process.exitCode = code === 1 && endedAsExpected() ? 0 : (code ?? 1);
});

/** Two of the feed's streams are retired by the vendor. To show that is part of the demo, not a failure of it. */
function endedAsExpected() {
  const { streams } = JSON.parse(readFileSync(join(root, out, 'report.json'), 'utf8'));
  return streams.every(({ ending, rejected }) => (ending === 'complete' || ending === 'retired') && rejected === 0);
}

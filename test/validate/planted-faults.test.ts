import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Issue, validateIntegration } from '../../engine/index.ts';
import { schemasDir } from '../support/scratch-integration.ts';

/** A folder a fault: a feed of an invented vendor, and in `expected.txt` all that `validate` has to say of it. */
const faultsDir = join(import.meta.dirname, 'faults');
const faults = readdirSync(faultsDir);

describe('the planted faults', () => {
  it('are at least 60', () => {
    expect(faults.length).toBeGreaterThanOrEqual(60);
  });
});

describe('a planted fault', () => {
  it.each(faults)('%s', async (fault) => {
    const folder = join(faultsDir, fault);

    const { issues } = await validateIntegration({ integrationsDirs: [faultsDir], schemasDir }, fault);

    expect(issues.map((issue) => line(issue, folder))).toEqual(await expectedLines(folder));
    expect(issues.filter(leavesAlone)).toEqual([]);
  });
});

/** `integration.yaml:12:5 error descriptor/unknown-key` */
function line({ at, severity, code }: Issue, folder: string): string {
  const place = at === undefined ? 'nowhere' : `${relative(folder, at.file)}:${at.line}:${at.column}`;
  return `${place} ${severity} ${code}`;
}

async function expectedLines(folder: string): Promise<string[]> {
  return (await readFile(join(folder, 'expected.txt'), 'utf8')).trim().split('\n');
}

/** Of an error its author must learn what to do. */
function leavesAlone({ message, hint = '', severity }: Issue): boolean {
  return message.length < 10 || (severity === 'error' && hint.length < 5);
}

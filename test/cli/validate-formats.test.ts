import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sluice } from './sluice.ts';

const fault = join('test', 'validate', 'faults', 'unknown-key-of-a-stream');
const place = 'test/validate/faults/unknown-key-of-a-stream/integration.yaml';
const says = '"paginaton" is not a key of "streams.people".';

describe('sluice validate --format', () => {
  it('text is for people: each issue begins with a line that tools read as well, and ends in what explains it', async () => {
    const { exitCode, stdout, stderr } = await sluice(['validate', fault]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.split('\n')[0]).toBe(`${place}:19:5 error descriptor/unknown-key ${says}`);
    expect(stderr).toContain('\n  engine/diagnostics/README.md#descriptor-unknown-key\n');
  });

  it('json is the same as --json', async () => {
    const [long, short] = await Promise.all([
      sluice(['validate', fault, '--format', 'json']),
      sluice(['validate', fault, '--json']),
    ]);

    expect(long).toEqual(short);
    expect(JSON.parse(long.stdout)).toMatchObject([{ issues: [{ code: 'descriptor/unknown-key' }] }]);
  });

  it('github gives annotations on standard output, and the verdict to people', async () => {
    const { exitCode, stdout, stderr } = await sluice(['validate', fault, '--format', 'github']);

    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      `::error file=${place},line=19,endLine=19,col=5,endColumn=14,title=descriptor/unknown-key::${says}%0ADid you mean "pagination"?\n`,
    );
    expect(stderr).toBe('unknown-key-of-a-stream: 1 error\n');
  });

  it('sarif gives one log on standard output, with help from the page of codes', async () => {
    const { exitCode, stdout } = await sluice(['validate', fault, '--format', 'sarif']);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('Take the key that is suggested');
    expect(JSON.parse(stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { rules: [{ id: 'descriptor/unknown-key' }] } },
          results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: place } } }] }],
        },
      ],
    });
  });

  it.each([
    ['json', '{\n  "error": {\n    "code": "descriptor/not-found"'],
    ['github', '::error title=descriptor/not-found::There is no integration "nobody"'],
    ['sarif', '"executionSuccessful": false'],
  ])('%s tells as well why nothing could be validated, exit code 2', async (format, said) => {
    const { exitCode, stdout, stderr } = await sluice(['validate', 'nobody', '--format', format]);

    expect(exitCode).toBe(2);
    expect(stdout).toContain(said);
    expect(stderr).toContain('There is no integration "nobody"');
  });

  it.each([[['--format', 'xml']], [['--format', 'sarif', '--json']]])(
    'is refused with %j, exit code 2',
    async (words) => {
      expect(await sluice(['validate', ...words])).toMatchObject({ exitCode: 2 });
    },
  );
});

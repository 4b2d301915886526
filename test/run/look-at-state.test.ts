import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeState, showState } from '../../engine/index.ts';
import { acmeDescriptor, acmeIntegration, acmePeople, scratchFolder } from '../support/scratch-integration.ts';

const log = `  log: { summary: Log., path: /log, class: base_event, mapping: people.jsonata, cursor: { kind: time, lookback: 7d, query: { since: "{from.iso}" } } }
`;
const now = new Date('2026-03-04T05:06:07Z');
const until = '2026-03-04T05:00:00.000Z';

async function withState(files: { readonly [path: string]: object | string }) {
  const places = await acmeIntegration(acmeDescriptor({ streams: `${acmePeople}${log}` }));
  const dir = await scratchFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(dir, 'acme', path, '..'), { recursive: true });
    await writeFile(join(dir, 'acme', path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { places, integration: 'acme', dir, now };
}

const logState = { formatVersion: 1, stream: 'log', cursor: { until }, position: { from: until } };
const peopleState = { formatVersion: 1, stream: 'people', lastComplete: { runId: 'r', endedAt: until, received: 3 } };

describe('the state of an integration', () => {
  it('is nothing where no run has kept any', async () => {
    expect(await showState(await withState({}))).toEqual([]);
    expect(await changeState(await withState({}), { kind: 'reset' })).toEqual([]);
  });

  it('tells where each stream goes on', async () => {
    expect(await showState(await withState({ 'a1/log.json': logState, 'a1/people.json': peopleState }))).toEqual([
      { connection: 'a1', stream: 'log', kind: 'time', cursor: { until }, cut: {} },
      { connection: 'a1', stream: 'people', kind: 'whole', lastComplete: peopleState.lastComplete },
    ]);
  });

  it('is not changed where it is that of several connections and none was chosen', async () => {
    const request = await withState({ 'a1/log.json': logState, 'b2/log.json': logState });

    await expect(changeState(request, { kind: 'reset' })).rejects.toMatchObject({ code: 'state/ambiguous' });
    expect(await changeState({ ...request, connection: 'b2' }, { kind: 'reset' })).toEqual(['log']);
  });

  it('knows the streams that were meant', async () => {
    const request = { ...(await withState({ 'a1/log.json': logState })), streams: ['lgo'] };

    await expect(showState(request)).rejects.toMatchObject({ code: 'run/unknown-stream' });
  });

  it('is forgotten also where it cannot be read', async () => {
    const request = await withState({ 'a1/log.json': '{ "formatVersion": 7 }' });

    await expect(showState(request)).rejects.toMatchObject({ code: 'state/unreadable' });
    await changeState(request, { kind: 'reset' });

    expect(await showState(request)).toEqual([]);
  });

  it('goes back to a time where it is one, without the place of a reading', async () => {
    const request = await withState({ 'a1/log.json': logState, 'a1/people.json': peopleState });

    const changed = await changeState(request, { kind: 'rewind', to: new Date('2026-03-01T00:00:00Z') });

    expect(changed).toEqual(['log']);
    expect(JSON.parse(await readFile(join(request.dir, 'acme/a1/log.json'), 'utf8'))).toEqual({
      formatVersion: 1,
      stream: 'log',
      cursor: { until: '2026-03-01T00:00:00.000Z' },
    });
  });

  it('says of a stream that was asked for that its place is no time', async () => {
    const request = { ...(await withState({ 'a1/people.json': peopleState })), streams: ['people'] };

    await expect(changeState(request, { kind: 'rewind', to: now })).rejects.toMatchObject({ code: 'state/no-time' });
  });
});

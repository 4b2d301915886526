import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../engine/descriptor/read-descriptor.ts';
import { readSourceShape } from '../../../engine/descriptor/source-shape.ts';
import { compileExpression } from '../../../engine/mapping/compile/compile-expression.ts';
import { HandOver } from '../../../engine/mapping/compile/hand-over.ts';
import type { JsonObject } from '../../../engine/records.ts';
import { variantsOf } from '../../../engine/run/dispatch.ts';
import type { Integration } from '../../../engine/run/integrations.ts';
import { createRowMapper, type RunFacts } from '../../../engine/run/map-row.ts';
import { readStreamMapping } from '../../../engine/run/read-stream-mapping.ts';
import { standInConnection } from '../../../engine/run/stand-in-connection.ts';
import type { Stream } from '../../../engine/descriptor/descriptor.ts';
import { schemasDir } from '../../support/scratch-integration.ts';
import { describeOutcome, type Outcome } from './oracle.ts';
import { rowsOf } from './rows-of-shape.ts';

/** Records of each mapping. */
const records = Number(process.env['GENERATED_RECORDS'] ?? 500);

type Shaped = { readonly integration: Integration; readonly stream: Stream; readonly shape: JsonObject };

const integrations = join(schemasDir, '..', 'integrations');

/** Every stream of every feed that declares the shape of its rows. */
async function shapedStreams(): Promise<Shaped[]> {
  const names = readdirSync(integrations).filter((name) => existsSync(join(integrations, name, 'integration.yaml')));
  const found: Shaped[] = [];
  for (const folder of names.map((name) => join(integrations, name))) {
    const { descriptor, locate } = await readDescriptor(folder, schemasDir);
    for (const stream of descriptor?.streams ?? []) {
      const { shape } = await readSourceShape(folder, stream, schemasDir, locate);
      if (descriptor !== undefined && shape !== undefined)
        for (const variant of variantsOf(stream))
          found.push({ integration: { folder, descriptor }, stream: variant, shape });
    }
  }
  return found;
}

/** One part of several, so that they run side by side. */
export async function describeShapedMappings(part: number, parts: number): Promise<void> {
  const shaped = (await shapedStreams()).filter((_, index) => index % parts === part);

  describe.each(shaped)(`$integration.descriptor.name, $stream.mapping`, ({ integration, stream, shape }) => {
    const facts: RunFacts = {
      runId: 'generated',
      startedAt,
      now: () => startedAt,
      ...standInConnection(integration.descriptor),
    };
    let rows: readonly JsonObject[] = [];
    beforeAll(() => {
      rows = fc.sample(rowsOf(shape), { numRuns: records, seed: 20_260_304 });
    });

    it(`is compiled to what the interpreter makes of ${records} generated rows`, patiently, async () => {
      const { text } = await readStreamMapping(integration.folder, stream);
      const compiled = compileExpression(text);
      const bindings = { ...facts, stream: { name: stream.name, path: stream.name }, ingestedAt: 1, runStartedAt: 2 };
      const reference = jsonata(text);
      let answered = 0;

      for (const row of rows) {
        const actual = compiled.kind === 'compiled' ? outcomeOf(() => compiled.evaluate(row, bindings)) : undefined;
        if (actual === undefined) continue;
        answered++;
        const told = describeOutcome(actual);
        const expected = describeOutcome(await awaited(() => reference.evaluate(row, { ...bindings })));
        if (told !== expected) expect({ row, outcome: told }).toEqual({ row, outcome: expected });
      }

      // Rows soiled beyond what compiled code vouches for are left to the interpreter; most must not be.
      expect(answered).toBeGreaterThan(records / 2);
    });

    it(`gives a valid record or issues for each of ${records} generated rows`, patiently, async () => {
      const mapper = await createRowMapper(integration, stream, schemasDir, facts);
      const from = { integration: integration.descriptor.name, stream: stream.name, page: 1 };
      let accepted = 0;

      for (const [index, row] of rows.entries()) {
        const body = mapper.clean(row) ?? {};
        const outcome = await mapper.map(body, { ...from, row: index + 1 }, { receivedAt: startedAt, url: '' });
        if (outcome.kind === 'accepted') accepted++;
        else expect(outcome.issues).not.toEqual([]);
      }

      expect(accepted).toBeGreaterThan(0);
    });
  });
}

const startedAt = new Date('2026-03-04T05:06:07.000Z');
const patiently = { timeout: 120_000 };

/** `undefined` where compiled code leaves the row to the interpreter. */
function outcomeOf(evaluate: () => unknown): Outcome | undefined {
  try {
    return { kind: 'value', value: evaluate() };
  } catch (error) {
    return error instanceof HandOver ? undefined : { kind: 'error', error };
  }
}

async function awaited(evaluate: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'value', value: await evaluate() };
  } catch (error) {
    return { kind: 'error', error };
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jsonata from 'jsonata';
import { type FileText, joinShared } from '../../engine/mapping/join-shared.ts';
import { type Bindings, loadMapping } from '../../engine/mapping/load-mapping.ts';
import { mapDevice } from './by-hand/map-device.ts';
import { mapUser, type Surroundings } from './by-hand/map-user.ts';
import { deviceRow, soiled, userRow } from './rows.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';

export type MappingReport = {
  readonly stream: string;
  readonly rounds: number;
  readonly rows: number;
  /** Rows a second. */
  readonly byHand: Spread;
  readonly compiled: Spread;
  readonly interpreted: Spread;
  readonly compiledToByHand: Spread;
  readonly compiledToInterpreted: Spread;
};

export type ComparedMapping = {
  readonly stream: string;
  readonly row: (number: number) => object;
  readonly byHand: (row: object, surroundings: Surroundings) => unknown;
  readonly surroundings: Surroundings & Bindings;
};

const connection = { tenantId: '7d1c6f0a-52b4-4e0b-9a57-2f6e1b3c8d90', graphUrl: 'https://graph.example' };

export const comparedMappings: readonly ComparedMapping[] = [
  {
    stream: 'user-registration-details',
    row: userRow,
    byHand: mapUser,
    surroundings: {
      connection,
      stream: { apiVersion: 'v1.0', path: 'reports/authenticationMethods/userRegistrationDetails' },
    },
  },
  {
    stream: 'devices',
    row: deviceRow,
    byHand: mapDevice,
    surroundings: { connection, stream: { apiVersion: 'v1.0', path: 'devices' } },
  },
];

/** The first row for which hand-written code and the engine differ; `undefined` if there is none. */
export async function compare(
  root: string,
  { stream, row, byHand, surroundings }: ComparedMapping,
  count: number,
  state: 'clean' | 'soiled',
): Promise<{ readonly row: number; readonly byHand: string; readonly engine: string } | undefined> {
  const { evaluate } = loadMapping(await mappingText(root, stream), stream);
  for (let number = 0; number < count; number++) {
    const body = state === 'clean' ? row(number) : soiled(row(number), number);
    const ours = JSON.stringify(await evaluate(body, surroundings));
    const theirs = JSON.stringify(byHand(body, surroundings));
    if (ours !== theirs) return { row: number, byHand: theirs, engine: ours };
  }
  return undefined;
}

/** Rows of one page over and over, in this process: by hand, compiled, and (some of them) by the interpreter. */
export async function measureMapping(root: string, compared: ComparedMapping, rounds: number): Promise<MappingReport> {
  for (const state of ['clean', 'soiled'] as const) {
    const difference = await compare(root, compared, 5000, state);
    if (difference !== undefined) throw new Error(`${compared.stream} differs: ${JSON.stringify(difference)}`);
  }
  const { stream, row, byHand, surroundings } = compared;
  const text = await mappingText(root, stream);
  const { evaluate, engine } = loadMapping(text, stream);
  if (engine.kind !== 'compiled') throw new Error(`${stream} is not compiled: ${engine.reason}`);
  const interpreter = jsonata(text);
  const page = Array.from({ length: 999 }, (_, number) => row(number));
  const ways = {
    byHand: () => {
      for (const body of page) last.mapped = byHand(body, surroundings);
      return Promise.resolve();
    },
    compiled: async () => {
      for (const body of page) {
        const mapped = evaluate(body, surroundings);
        // Only what is left to the interpreter has to be waited for.
        last.mapped = mapped instanceof Promise ? await mapped : mapped;
      }
    },
    interpreted: async () => {
      for (const body of page.slice(0, 100)) last.mapped = await interpreter.evaluate(body, { ...surroundings });
    },
  };
  const speeds = { byHand: [] as number[], compiled: [] as number[], interpreted: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const measured = {
      byHand: 999 / (await cpuSeconds(ways.byHand, 60)),
      compiled: 999 / (await cpuSeconds(ways.compiled, 60)),
      interpreted: 100 / (await cpuSeconds(ways.interpreted, 3)),
    };
    if (round === 0) continue; // warm-up
    speeds.byHand.push(measured.byHand);
    speeds.compiled.push(measured.compiled);
    speeds.interpreted.push(measured.interpreted);
  }
  return {
    stream,
    rounds,
    rows: 999,
    byHand: spreadOf(speeds.byHand),
    compiled: spreadOf(speeds.compiled),
    interpreted: spreadOf(speeds.interpreted),
    compiledToByHand: ratioOf(speeds.compiled, speeds.byHand),
    compiledToInterpreted: ratioOf(speeds.compiled, speeds.interpreted),
  };
}

/** Held on to, so that V8 cannot leave the mapping out. */
const last: { mapped: unknown } = { mapped: undefined };

/** CPU seconds of one of `times` repetitions, garbage collection on other threads included. */
async function cpuSeconds(act: () => Promise<void>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / times;
}

async function mappingText(root: string, stream: string): Promise<string> {
  const read = async (file: string): Promise<FileText> => ({
    file,
    text: await readFile(join(root, 'integrations', 'microsoft-entra-mfa', 'mappings', file), 'utf8'),
  });
  return joinShared(await read(`${stream}.jsonata`), await read('all.shared.jsonata')).text;
}

import jsonata from 'jsonata';
import type { Node } from '../compile/ast.ts';
import { type Bindings, limits } from '../load-mapping.ts';
import type { TextFile } from '../joined-text.ts';
import { mappingFailure, type MappingFailure } from '../mapping-failure.ts';
import { type Places, placesIn } from './places.ts';
import { createRecorder, type Frame, type Recorder, type Structure, structureOf } from './recorder.ts';
import type { Visit } from './visit.ts';

/** A mapping whose evaluations can be watched; one serves for any number of rows. */
export type TraceableMapping = {
  readonly text: string;
  readonly file: TextFile;
  /** Every node that may be visited is one of this tree, by identity. */
  readonly root: Node;
  readonly structure: Structure;
  readonly expression: jsonata.Expression;
};

/** What happened when a mapping was evaluated over one row. */
export type Trace = {
  readonly mapping: TraceableMapping;
  readonly row: unknown;
  readonly bindings: Bindings;
  /** What the mapping gave; `undefined` if it failed. */
  readonly value: unknown;
  /** Why it gave nothing; the visits go as far as it came. */
  readonly failure?: MappingFailure;
  /** In the order in which they began; the first is that of the whole mapping. */
  readonly visits: readonly Visit[];
  /** Where the objects of the row and of the bindings stand. */
  readonly places: Places;
  /** The innermost visit that gave this very object or array, such as that of the `{ … }` that built it. */
  makerOf(value: object): Visit | undefined;
};

/** No variable of a mapping can have this name. */
const recorderName = ' recorder';

/** Parses a mapping for {@link traceMapping}; text that is no JSONata throws a `MappingFailure`. */
export function readTraceable(text: string, file: TextFile): TraceableMapping {
  const expression = parse(text, file);
  const recorderIn = (frame: Frame) => frame.lookup(recorderName) as Recorder; // set by `traceMapping`
  // The hooks that the interpreter offers to debuggers: it waits for what they return.
  expression.assign(entryHook, (node: Node, input: unknown, frame: Frame) =>
    recorderIn(frame).enter(node, input, frame),
  );
  expression.assign(exitHook, (node: Node, _input: unknown, frame: Frame, result: unknown) => {
    recorderIn(frame).exit(node, result, frame);
  });
  // The package's own type leaves out the marks its parser adds.
  const root = expression.ast() as unknown as Node;
  return { text, file, root, structure: structureOf(root), expression };
}

// The package's type of `assign` knows names only; it takes symbols as well.
const entryHook = Symbol.for('jsonata.__evaluate_entry') as unknown as string;
const exitHook = Symbol.for('jsonata.__evaluate_exit') as unknown as string;

/**
 * Evaluates a mapping over one row with the reference interpreter and notes every node it visits.
 *
 * Some hundred times slower than a run. Never throws for what is wrong with the row.
 */
export async function traceMapping(mapping: TraceableMapping, row: unknown, bindings: Bindings): Promise<Trace> {
  const recorder = createRecorder(mapping.structure);
  const outcome = await evaluate(mapping, row, { ...bindings, [recorderName]: recorder });
  const places = placesIn(row, bindings);
  const makers = makersIn(recorder.finished, places);
  return {
    mapping,
    row,
    bindings,
    ...outcome,
    visits: recorder.visits,
    places,
    makerOf: (value) => makers.get(value),
  };
}

async function evaluate({ expression, text, file }: TraceableMapping, row: unknown, bindings: Bindings) {
  try {
    return { value: (await expression.evaluate(row, { ...bindings })) as unknown }; // the package says `any`
  } catch (cause) {
    return { value: undefined, failure: mappingFailure('mapping/failed', cause, text, file) };
  }
}

/** A filter gives a list of one, of which only the one goes on: it counts as made by the filter. */
function makersIn(finished: readonly Visit[], places: Places): Map<object, Visit> {
  const makers = new Map<object, Visit>();
  const note = (value: unknown, visit: Visit) => {
    if (typeof value !== 'object' || value === null || places.placeOf(value) !== undefined) return;
    if (!makers.has(value)) makers.set(value, visit);
  };
  for (const visit of finished) {
    note(visit.result, visit);
    if (Array.isArray(visit.result)) for (const item of visit.result as unknown[]) note(item, visit);
  }
  return makers;
}

function parse(text: string, file: TextFile): jsonata.Expression {
  try {
    return jsonata(text, limits);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

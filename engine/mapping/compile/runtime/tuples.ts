import { HandOver } from '../hand-over.ts';
import { createSequence, isArray, type List } from './sequence.ts';

/** One item of a path that binds names: the item under `@`, and what `@$name`, `#$name` and `%` bound on the way. */
export type Tuple = { '@'?: unknown; [name: string]: unknown };

export type Binding = { focus?: string; index?: string; ancestor?: string };

/** The first tuples of a path. */
export function startTuples(items: List): Tuple[] {
  return items.map((item) => ({ '@': item }));
}

/** One step of such a path: a tuple for each result, with what the step binds. */
export function tupleStep(
  tuples: Tuple[],
  step: (item: unknown, tuple: Tuple) => unknown,
  { focus, index, ancestor }: Binding,
): Tuple[] & List {
  const stream = createSequence();
  stream.tupleStream = true;
  for (const from of tuples) {
    const result = step(from['@'], from);
    if (result === undefined) continue;
    const results: List = isArray(result) ? result : [result];
    for (let place = 0; place < results.length; place++) {
      const tuple = Object.assign(Object.create(null) as Tuple, from);
      if (results.tupleStream === true) {
        Object.assign(tuple, results[place]);
      } else {
        if (focus === undefined) {
          tuple['@'] = results[place];
        } else {
          tuple[focus] = results[place];
          tuple['@'] = from['@'];
        }
        if (index !== undefined) tuple[index] = place;
        if (ancestor !== undefined) tuple[ancestor] = from['@'];
      }
      stream.push(tuple);
    }
  }
  return stream as Tuple[] & List; // only tuples were pushed
}

/** Items after a sort that starts the binding of names. */
export function sortedTuples(sorted: List, index: string | undefined): Tuple[] & List {
  const stream = createSequence();
  stream.tupleStream = true;
  for (let place = 0; place < sorted.length; place++) {
    stream.push({ '@': sorted[place], [index ?? 'undefined']: place });
  }
  return stream as Tuple[] & List; // only tuples were pushed
}

/** `#$name` after a filter. */
export function numberTuples(tuples: Tuple[] & List, name: string): Tuple[] & List {
  for (let place = 0; place < tuples.length; place++) (tuples[place] as Tuple)[name] = place; // within the length
  return tuples;
}

/** The values a path of tuples stands for. */
export function tupleValues(tuples: Tuple[]): List {
  const values = createSequence();
  for (const tuple of tuples) values.push(tuple['@']);
  return values;
}

/** A path that found nothing before its first tuple is grouped as if it had none. */
export function someTuples(tuples: Tuple[] & List): Tuple[] & List {
  if (tuples.length === 0) throw new HandOver('There is nothing to group.');
  return tuples;
}

/** A name that tuples may bind; one that this tuple does not is looked for further out. */
export function bound(tuple: Tuple, name: string, otherwise: unknown): unknown {
  return Object.hasOwn(tuple, name) ? tuple[name] : otherwise;
}

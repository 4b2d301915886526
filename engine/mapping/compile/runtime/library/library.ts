import { definitions } from '../definitions.ts';
import { moment } from '../evaluation.ts';
import { Builtin, type Implementation } from '../functions.ts';
import { higherOrder } from './higher-order.ts';
import { matching } from './matching.ts';
import { objects } from './objects.ts';

const fromMillis = definitions.get('fromMillis')?.implementation;

/** The two functions that each parsed expression has of its own in the package. */
const clock: { readonly [name: string]: Implementation } = {
  now(picture, timezone) {
    return fromMillis?.call(this, moment(), picture, timezone);
  },
  millis: () => moment(),
};

/** What is written anew: because the package's own wait for promises, or give objects that are slow to handle. */
const ours: { readonly [name: string]: Implementation } = { ...higherOrder, ...matching, ...objects, ...clock };

/** The functions of the language. `$eval` is not among them: it needs the interpreter. */
export const library: ReadonlyMap<string, Builtin> = new Map(
  [...definitions]
    .filter(([name]) => name !== 'eval')
    .map(([name, { implementation, signature }]) => {
      const own = Object.hasOwn(ours, name) ? ours[name] : undefined;
      return [name, new Builtin(name, own ?? implementation, signature, implementation.length)];
    }),
);

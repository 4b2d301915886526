import * as apply from './apply.ts';
import * as construct from './construct.ts';
import { enter, leave } from './evaluation.ts';
import * as filter from './filter.ts';
import { Lambda, TailCall } from './functions.ts';
import * as kinds from './kinds.ts';
import * as direct from './library/direct.ts';
import * as lookup from './lookup.ts';
import * as loops from './loops.ts';
import * as operators from './operators.ts';
import * as path from './path.ts';
import * as regex from './regex.ts';
import * as sequence from './sequence.ts';
import * as sort from './sort.ts';
import * as transform from './transform.ts';
import * as tuples from './tuples.ts';
import * as walk from './walk.ts';

/** What compiled code may call, by name. It gets these and nothing else. */
export const runtime: { readonly [name: string]: unknown } = {
  ...sequence,
  ...kinds,
  ...lookup,
  ...path,
  ...filter,
  ...operators,
  ...construct,
  ...sort,
  ...tuples,
  ...walk,
  ...regex,
  ...transform,
  ...apply,
  ...loops,
  ...direct,
  enter,
  leave,
  Lambda,
  TailCall,
  /** The value of a variable before its assignment. */
  unset: Symbol('unset'),
};

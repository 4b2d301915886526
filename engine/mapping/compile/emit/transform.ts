import type { Node, TransformNode } from '../ast.ts';
import { marksOf } from '../ast.ts';
import { type Code, code } from './code.ts';
import { at, emit, emitFunction, type Place } from './emit.ts';
import { NotCompiled } from '../not-compiled.ts';
import { use } from './program.ts';
import { meansLibrary } from './scope.ts';

/** `|pattern|update, delete|`: a function. */
export function emitTransform(node: TransformNode, place: Place): Code {
  const { program, scope } = place;
  if (!meansLibrary(program, scope, 'clone')) throw new NotCompiled('$clone is redefined.', node.position);
  program.library.add('clone');
  const parts = [node.pattern, node.update, ...(node.delete === undefined ? [] : [node.delete])];
  const args = parts.map((part) => emitFunction(place, 'item', (inner) => emit(part, inner)).js);
  const sites = [node.update, ...(node.delete === undefined ? [] : [node.delete])].map((part) => here(part, place));
  return code(`${use(program, 'transform')}([${sites.join(', ')}], ${args.join(', ')})`, 'function', { defined: true });
}

function here(node: Node, place: Place): string {
  return at(place, marksOf(node).position, undefined);
}

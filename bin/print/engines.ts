import type { MappingExplanation } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { table } from './table.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** How each mapping is worked out, and of the interpreted ones why. */
export function describeEngines(mappings: readonly MappingExplanation[]): string {
  const rows = mappings.map(({ stream, file, engine }) => [stream, shownKind(engine.kind), file]);
  const compiled = mappings.filter(({ engine }) => engine.kind === 'compiled').length;
  return [
    table(['stream', 'engine', 'text'], rows),
    ...reasons(mappings),
    compiled === mappings.length
      ? `${count(mappings.length, 'text')}, all compiled to JavaScript.`
      : `${compiled} of ${count(mappings.length, 'text')} compiled; the interpreter serves the rest, slower and with the same results.`,
  ].join('\n\n');
}

function shownKind(kind: MappingExplanation['engine']['kind']): string {
  return kind === 'compiled' ? paint('green', kind) : paint('yellow', kind);
}

/** A reason that has no place, as that code may not be generated, is the same for many and told once. */
function reasons(mappings: readonly MappingExplanation[]): string[] {
  const told = mappings.flatMap(({ engine }) => {
    if (engine.kind === 'compiled') return [];
    const { reason, at } = engine;
    const place = at === undefined ? 'Everywhere' : `${at.file}:${at.line}:${at.column}`;
    return [[paint('cyan', place), wrap(reason, terminalWidth(), '  ')].join('\n')];
  });
  return [...new Set(told)];
}

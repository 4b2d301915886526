import type { AttributeOrigin, SourceRead } from '../../engine/index.ts';

/** Where an attribute comes from, in one line: its source paths, or what the engine did. */
export function originText(origin: AttributeOrigin): string {
  const { from, rule } = origin;
  if (from === 'engine') return `+ ${rule ?? ''}`;
  const sources = sourcesText(origin);
  return from === 'retargeting' ? `» ${rule ?? ''}${sources === '' ? '' : ` (${sources})`}` : sources;
}

function sourcesText({ sources, at }: AttributeOrigin): string {
  if (at === undefined || sources === undefined) return '';
  const gives = sources.filter((source) => source.role === 'gives' && 'value' in source);
  const decides = sources.filter(({ role }) => role === 'decides');
  const given = [...new Set(gives.map(({ path }) => path))];
  // What only decided matters where nothing else tells a value from another.
  if (given.length > 0) return given.join(', ');
  const deciding = decides.length > 0 ? `if ${[...new Set(decides.map(pathOf))].join(', ')}` : '';
  return deciding === '' ? 'literal' : deciding;
}

function pathOf({ path }: SourceRead): string {
  return path;
}

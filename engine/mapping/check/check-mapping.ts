import type { Issue } from '../../diagnostics/issue.ts';
import type { JsonObject } from '../../records.ts';
import type { Node } from '../compile/ast.ts';
import type { TextFile } from '../joined-text.ts';
import { parseText } from '../parse-text.ts';
import { checkNames } from './check-names.ts';
import { checkShape } from './check-shape.ts';
import { checkSource } from './check-source.ts';
import { createWalk } from './evaluate.ts';
import { Findings } from './findings.ts';
import { startOf } from './place.ts';
import { Reads } from './reads.ts';
import { innerFrame, type Scope } from './scope.ts';
import { rootPath, sourceValue } from './source-field.ts';
import { readSourceSchema, type SourceSchema } from './source-schema.ts';
import type { TargetClass } from './target-class.ts';
import { object, type Value } from './value.ts';
import type { Walk } from './walk.ts';

export type MappingCheckOptions = {
  /** The shape of the source record as JSON Schema; without it, its fields may be anything. */
  readonly source?: JsonObject | undefined;
  /** What the engine binds, by name without `$`, each as JSON Schema; without it, any variable may be set. */
  readonly bindings?: { readonly [name: string]: JsonObject } | undefined;
};

/**
 * Types a mapping against its OCSF class and the shape of its source, without running it.
 *
 * Text that does not parse has no issues here: `load-mapping.ts` reports it. What cannot be known is not reported.
 */
export function checkMapping(
  text: string,
  file: TextFile,
  target: TargetClass,
  options: MappingCheckOptions = {},
): Issue[] {
  const begun = beginCheck(text, file, options);
  if (begun === undefined) return [];
  const { root, walk, record, source } = begun;
  checkRecord(walk, record, target);
  checkSource(walk, source, recordPlace(record) ?? startOf(root, text));
  const shared = typeof file === 'string' ? [] : file.names;
  if (options.bindings !== undefined) checkNames(walk, root, Object.keys(options.bindings), shared);
  return walk.findings.issues();
}

type Begun = {
  readonly root: Node;
  readonly walk: Walk;
  readonly record: Value;
  readonly source: SourceSchema | undefined;
};

/** Walks through a text once; `undefined` where it does not parse. */
export function beginCheck(text: string, file: TextFile, options: MappingCheckOptions): Begun | undefined {
  const root = parse(text);
  if (root === undefined) return undefined;
  const source = options.source && readSourceSchema(options.source);
  const walk = createWalk(text, new Reads(), new Findings(text, file));
  return { root, walk, record: walk.evaluate(root, outerScope(source, options.bindings)), source };
}

function parse(text: string): Node | undefined {
  try {
    return parseText(text);
  } catch {
    return undefined;
  }
}

function outerScope(source: SourceSchema | undefined, bindings: MappingCheckOptions['bindings'] = {}): Scope {
  const frame = innerFrame(undefined, 0);
  const unknown: Value = object(new Map(), true, { by: 'source', at: 0 });
  const context = source === undefined ? unknown : sourceValue(source, rootPath);
  frame.variables.set('$', { value: context });
  for (const [name, schema] of Object.entries(bindings)) {
    frame.variables.set(name, { value: sourceValue(readSourceSchema(schema), `$${name}`) });
  }
  return { frame, context, facts: new Map() };
}

function checkRecord(walk: Walk, record: Value, target: TargetClass): void {
  for (const option of record.options) {
    if (option.kind === 'object') checkShape(option, target.shape, { walk, target, path: '' });
  }
}

function recordPlace({ options }: Value): number | undefined {
  const places = options.map((option) => (option.kind === 'object' ? option.origin.at : undefined));
  return places.find((at) => at !== undefined);
}

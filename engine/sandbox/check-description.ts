import { CannotRunError } from '../diagnostics/engine-error.ts';
import { compileSchema } from '../schema/compile-schema.ts';
import type { SandboxDescription } from './sandbox-description.ts';

/** Checks a parsed `sandbox.yaml` against `schemas/sandbox.schema.json` and against itself. */
export function checkDescription(description: unknown, schema: unknown): SandboxDescription {
  if (typeof schema !== 'object' || schema === null) throw new TypeError('The schema of a sandbox is no JSON Schema.');
  const violations = compileSchema(schema)(description);
  if (violations.length > 0) {
    throw wrong(violations.map(({ pointer, message }) => ({ pointer, message })));
  }
  // The schema states exactly this type.
  const checked = description as SandboxDescription;
  const dangling = danglingNames(checked);
  if (dangling.length > 0) throw wrong(dangling);
  return checked;
}

type Finding = { readonly pointer: string; readonly message: string };

/** Names that lead nowhere: families, collections, and collections that point at a later one. */
function danglingNames({ families, routes, collections }: SandboxDescription): Finding[] {
  const findings: Finding[] = [];
  for (const [name, { family, answer }] of Object.entries(routes)) {
    const pointer = `/routes/${name}`;
    if (!(family in families)) findings.push({ pointer, message: `there is no family "${family}"` });
    const collection = answer.kind === 'list' ? answer.collection : answer.kind === 'summary' ? answer.over : undefined;
    if (collection !== undefined && !(collection in collections)) {
      findings.push({ pointer, message: `there is no collection "${collection}"` });
    }
  }
  const before = new Set<string>();
  for (const [name, { refs = {} }] of Object.entries(collections)) {
    for (const target of Object.values(refs).filter((one) => !before.has(one))) {
      findings.push({ pointer: `/collections/${name}/refs`, message: `"${target}" is no collection before this one` });
    }
    before.add(name);
  }
  return findings;
}

function wrong(findings: readonly Finding[]): CannotRunError {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const message = `The sandbox description is wrong at ${first?.pointer || 'its root'}: ${first?.message ?? ''}${more}.`;
  return new CannotRunError('sandbox/wrong-value', message, {
    hint: 'schemas/sandbox.schema.json explains every key.',
    issues: findings.map(({ pointer, message: text }) => ({
      code: 'sandbox/wrong-value',
      severity: 'error',
      message: text,
      pointer,
    })),
  });
}

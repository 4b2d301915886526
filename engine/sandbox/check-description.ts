import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
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

type Finding = { readonly pointer: string; readonly message: string; readonly hint?: string };

/** Names that lead nowhere: families, collections, and collections that point at a later one. */
export function danglingNames({ families, routes, collections }: SandboxDescription): Finding[] {
  const unknown = (what: string, name: string | undefined, known: readonly string[], pointer: string): Finding[] =>
    name === undefined || known.includes(name)
      ? []
      : [{ pointer, message: `there is no ${what} "${name}"`, hint: didYouMeanHint(name, known) }];
  const findings = Object.entries(routes).flatMap(([name, { family, answer }]) => [
    ...unknown('family', family, Object.keys(families), `/routes/${name}/family`),
    ...(answer.kind === 'list'
      ? unknown('collection', answer.collection, Object.keys(collections), `/routes/${name}/answer/collection`)
      : []),
    ...(answer.kind === 'summary'
      ? unknown('collection', answer.over, Object.keys(collections), `/routes/${name}/answer/over`)
      : []),
  ]);
  const before: string[] = [];
  for (const [name, { refs = {} }] of Object.entries(collections)) {
    for (const [field, target] of Object.entries(refs).filter(([, one]) => !before.includes(one))) {
      findings.push({
        pointer: `/collections/${name}/refs/${field}`,
        message: `"${target}" is no collection before this one`,
        hint: didYouMeanHint(target, before),
      });
    }
    before.push(name);
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

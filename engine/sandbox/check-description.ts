import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type CheckSchema, compileSchema } from '../schema/compile-schema.ts';
import type { CollectionDescription, GeneratorSpec, RouteAnswer, SandboxDescription } from './sandbox-description.ts';
import { withDefaults, type WrittenDescription } from './with-defaults.ts';

/** Compiling takes longer than anything else here. */
const checks = new WeakMap<object, CheckSchema>();

/** Checks a parsed `sandbox.yaml` against `schemas/sandbox.schema.json` and against itself. */
export function checkDescription(description: unknown, schema: unknown): SandboxDescription {
  if (typeof schema !== 'object' || schema === null) throw new TypeError('The schema of a sandbox is no JSON Schema.');
  const check = checks.get(schema) ?? compileSchema(schema);
  checks.set(schema, check);
  const violations = check(description);
  if (violations.length > 0) {
    throw wrong(violations.map(({ pointer, message }) => ({ pointer, message })));
  }
  // The schema states exactly this type.
  const checked = withDefaults(description as WrittenDescription);
  const dangling = danglingNames(checked);
  if (dangling.length > 0) throw wrong(dangling);
  return checked;
}

type Finding = { readonly pointer: string; readonly message: string; readonly hint?: string };

/** Names that lead nowhere: families, collections, jobs, fields, and collections that point at a later one. */
export function danglingNames(description: SandboxDescription): Finding[] {
  const { families, routes, collections } = description;
  const unknown = (what: string, name: string | undefined, known: readonly string[], pointer: string): Finding[] =>
    name === undefined || known.includes(name)
      ? []
      : [{ pointer, message: `there is no ${what} "${name}"`, hint: didYouMeanHint(name, known) }];
  const findings = Object.entries(routes).flatMap(([name, { family, answer }]) => [
    ...unknown('family', family, Object.keys(families), `/routes/${name}/family`),
    ...('collection' in answer
      ? unknown('collection', answer.collection, Object.keys(collections), `/routes/${name}/answer/collection`)
      : []),
    ...('over' in answer
      ? unknown('collection', answer.over, Object.keys(collections), `/routes/${name}/answer/over`)
      : []),
    ...('of' in answer ? unknown('job', answer.of, jobsOf(routes), `/routes/${name}/answer/of`) : []),
  ]);
  const before: string[] = [];
  for (const [name, { refs = {}, each }] of Object.entries(collections)) {
    const pointing = Object.entries(refs).map(([field, target]) => [`refs/${field}`, target] as [string, string]);
    if (each !== undefined) pointing.push(['each/collection', each.collection]);
    for (const [where, target] of pointing.filter(([, one]) => !before.includes(one))) {
      findings.push({
        pointer: `/collections/${name}/${where}`,
        message: `"${target}" is no collection before this one`,
        hint: didYouMeanHint(target, before),
      });
    }
    before.push(name);
  }
  return [...findings, ...strangeFields(description)];
}

/** Fields that are spoken of and that no record has, and an order that nothing keeps. */
function strangeFields({ routes, collections }: SandboxDescription): Finding[] {
  const unknown = (name: string, collection: string, pointer: string): Finding[] => {
    const fields = fieldNames(collections[collection]);
    if (fields.includes(name) || collections[collection] === undefined) return [];
    const message = `"${name}" is no field of the collection "${collection}"`;
    return [{ pointer, message, hint: didYouMeanHint(name, fields) }];
  };
  const inRoutes = Object.entries(routes).flatMap(([route, { answer }]) => {
    if (!('filters' in answer)) return [];
    const at = `/routes/${route}/answer`;
    return [
      ...answer.filters.flatMap(({ field }, index) =>
        field === undefined ? [] : unknown(field, answer.collection, `${at}/filters/${index}/field`),
      ),
      ...Object.keys(answer.hides ?? {}).flatMap((field) => unknown(field, answer.collection, `${at}/hides/${field}`)),
    ];
  });
  const inCollections = Object.entries(collections).flatMap(([name, { key, order, fields }]) => [
    ...unknown(key, name, `/collections/${name}/key`),
    ...(order === undefined ? [] : unknown(order, name, `/collections/${name}/order`)),
    ...(order !== undefined && order in fields && !grows(fields[order])
      ? [
          {
            pointer: `/collections/${name}/order`,
            message: `"${order}" does not grow from record to record; make it with series`,
          },
        ]
      : []),
  ]);
  return [...inRoutes, ...inCollections];
}

function fieldNames(collection: CollectionDescription | undefined): string[] {
  return [
    ...Object.keys(collection?.fields ?? {}),
    ...(collection?.odd ?? []).flatMap(({ fields }) => Object.keys(fields)),
  ];
}

function grows(spec: GeneratorSpec | undefined): boolean {
  return typeof spec === 'object' && spec !== null && ('series' in spec || 'timeOf' in spec);
}

function jobsOf(routes: { readonly [name: string]: { readonly answer: RouteAnswer } }): readonly string[] {
  return Object.entries(routes)
    .filter(([, { answer }]) => answer.kind === 'job')
    .map(([name]) => name);
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

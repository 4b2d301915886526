import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaIssues } from '../descriptor/schema-issues.ts';
import { readYamlFile } from '../descriptor/yaml-file.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { isKind, type Kind, kinds } from '../record/kinds.ts';
import { compileSchema } from '../schema/compile-schema.ts';
import { type Integration, streamNamed } from './integrations.ts';

/** What the author says of fields that a recording cannot classify. */
export type Decisions = {
  /** By the field's pointer (`/value/*\/model`) or its name. */
  of(stream: string, field: string, name: string): Kind | undefined;
};

/** `given` come from the command line, hold for every stream, and go before those of `cases/record.yaml`. */
export async function readDecisions(
  integration: Integration,
  given: { readonly [field: string]: string },
  schemasDir: string,
): Promise<Decisions> {
  const own = checkKinds(given);
  const kept = await readKept(integration, schemasDir);
  return {
    of(stream, field, name) {
      const inStream = kept[stream] ?? {};
      return own[field] ?? own[name] ?? inStream[field] ?? inStream[name];
    },
  };
}

type FieldKinds = { readonly [field: string]: Kind };

function checkKinds(given: { readonly [field: string]: string }): FieldKinds {
  const checked: Record<string, Kind> = {};
  for (const [field, kind] of Object.entries(given)) {
    if (!isKind(kind)) {
      throw new CannotRunError('run/usage', `"${kind}" is no kind of value.`, {
        hint: didYouMeanHint(kind, Object.keys(kinds)),
      });
    }
    checked[field] = kind;
  }
  return checked;
}

async function readKept(
  { folder, descriptor }: Integration,
  schemasDir: string,
): Promise<{ readonly [stream: string]: FieldKinds }> {
  const path = join(folder, 'cases', 'record.yaml');
  const file = await readYamlFile(path, shortPath(path));
  if (file.issues.some(({ code }) => code === 'descriptor/unreadable')) return {}; // it need not be there
  const schema = JSON.parse(await readFile(join(schemasDir, 'record.schema.json'), 'utf8')) as object; // our own file
  const issues = file.issues.length > 0 ? file.issues : schemaIssues(file, compileSchema(schema));
  const [first] = issues;
  if (first !== undefined)
    throw new CannotRunError(first.code, first.message, { hint: first.hint, at: first.at, issues });
  const value = file.value as { readonly [stream: string]: FieldKinds }; // it has just passed its schema
  for (const stream of Object.keys(value)) streamNamed(descriptor, stream);
  return value;
}

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { openText } from '../descriptor/open-texts.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Places } from './run-request.ts';

/** An integration whose descriptor is sound. */
export type Integration = { readonly folder: string; readonly descriptor: Descriptor };

/** Folder names with an `integration.yaml`, by name; a folder given earlier hides one of the same name given later. */
export async function findIntegrations({
  integrationsDirs,
}: Pick<Places, 'integrationsDirs'>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const dir of integrationsDirs) {
    const names = await readdir(dir).catch((cause: unknown) => {
      throw new CannotRunError('descriptor/not-found', `The folder of integrations ${dir} cannot be read.`, {
        hint: 'Give a folder that holds one folder for each integration.',
        cause,
      });
    });
    for (const name of names.sort()) {
      const folder = join(dir, name);
      if (!found.has(name) && (await isFile(join(folder, 'integration.yaml')))) found.set(name, folder);
    }
  }
  return found;
}

/** The folder of an integration given by name, or by the path of its folder. */
export async function findIntegration(places: Places, nameOrFolder: string): Promise<string> {
  const folders = await findIntegrations(places);
  const folder = folders.get(nameOrFolder);
  if (folder !== undefined) return folder;
  const file = join(nameOrFolder, 'integration.yaml');
  if (openText(file, places.openTexts) !== undefined || (await isFile(file))) return nameOrFolder;
  throw new CannotRunError('descriptor/not-found', `There is no integration "${nameOrFolder}".`, {
    hint: didYouMeanHint(nameOrFolder, [...folders.keys()]),
  });
}

/** Reads an integration that is to be used; what is wrong with its descriptor is thrown as one `CannotRunError`. */
export async function loadIntegration(places: Places, nameOrFolder: string): Promise<Integration> {
  const folder = await findIntegration(places, nameOrFolder);
  const { descriptor, issues } = await readFolder(folder, places.schemasDir);
  const errors = issues.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (descriptor !== undefined && first === undefined) return { folder, descriptor };
  throw new CannotRunError(
    first?.code ?? 'descriptor/unreadable',
    `The descriptor of "${basename(folder)}" has ${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}.`,
    {
      hint: `sluice validate ${basename(folder)} shows each.`,
      issues: errors,
    },
  );
}

/** The stream of that name; an unknown one is a usage error that names those there are. */
export function streamNamed(descriptor: Descriptor, name: string): Stream {
  const stream = descriptor.streams.find((candidate) => candidate.name === name);
  if (stream !== undefined) return stream;
  const names = descriptor.streams.map((candidate) => candidate.name);
  throw new CannotRunError('run/unknown-stream', `"${descriptor.name}" has no stream "${name}".`, {
    hint: didYouMeanHint(name, names),
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

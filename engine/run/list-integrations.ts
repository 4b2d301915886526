import type { Descriptor } from '../descriptor/descriptor.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import { findIntegrations, loadIntegration } from './integrations.ts';
import type { IntegrationSummary } from './requests.ts';
import type { Places } from './run-request.ts';

/** The integrations there are, by name. One whose descriptor is broken is listed by its name alone. */
export async function listIntegrations(places: Places): Promise<IntegrationSummary[]> {
  const folders = await findIntegrations(places);
  return Promise.all(
    [...folders].map(async ([name, folder]) => {
      const { descriptor } = await readFolder(folder, places.schemasDir);
      return {
        name,
        title: descriptor?.title ?? name,
        summary: descriptor?.summary ?? `The descriptor has mistakes; sluice validate ${name} shows them.`,
        streams: descriptor?.streams.length ?? 0,
        folder,
      };
    }),
  );
}

/** The checked descriptor of an integration; throws a `CannotRunError` that holds all that is wrong with it. */
export async function readDescriptor(places: Places, nameOrFolder: string): Promise<Descriptor> {
  return (await loadIntegration(places, nameOrFolder)).descriptor;
}

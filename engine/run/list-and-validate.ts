import { basename, join } from 'node:path';
import type { Descriptor } from '../descriptor/descriptor.ts';
import { readDescriptor as readFolder } from '../descriptor/read-descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { loadMapping, MappingFailure } from '../mapping/load-mapping.ts';
import { checkStreamMapping } from './check-mappings.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkSources } from './check-sources.ts';
import { findIntegration, findIntegrations, type Integration, loadIntegration, shortPath } from './integrations.ts';
import { createRowMapper } from './map-row.ts';
import { ownedUp } from './owned-up.ts';
import type { IntegrationSummary, Validation } from './requests.ts';
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

/** Checks descriptor, error catalogue, permissions, mappings and derivations of one integration, without network. */
export async function validateIntegration(places: Places, nameOrFolder: string): Promise<Validation> {
  const folder = await findIntegration(places, nameOrFolder);
  const { descriptor, issues, locate } = await readFolder(folder, places.schemasDir);
  const integration = basename(folder);
  if (descriptor === undefined) return { integration, folder, issues, ownedUp: [] };
  const further = await Promise.all([
    checkPermissions(descriptor, locate, places.schemasDir),
    ...mappingIssues({ folder, descriptor }, places),
    ...derivationIssues({ folder, descriptor }),
    checkSources({ folder, descriptor }, locate, places.schemasDir),
  ]);
  return { integration, folder, issues: [...issues, ...further.flat()], ownedUp: ownedUp(descriptor) };
}

function mappingIssues(integration: Integration, places: Places): Promise<Issue[]>[] {
  const facts = { runId: '', startedAt: new Date(0), now: () => new Date(0), tenantUid: undefined, connection: {} };
  return integration.descriptor.streams
    .filter(({ ocsf }) => ocsf.class !== '')
    .map(async (stream) => {
      const unusable = await issuesOf(() => createRowMapper(integration, stream, places.schemasDir, facts));
      return unusable.length > 0 ? unusable : checkStreamMapping(integration, stream, places.schemasDir);
    });
}

function derivationIssues({ folder, descriptor }: Integration): Promise<Issue[]>[] {
  return descriptor.streams.flatMap(({ name, derive }) => {
    const texts: [string, string | undefined][] = [
      [shortPath(join(folder, 'derivations', `${name}.jsonata`)), derive?.record],
      [
        `${shortPath(join(folder, 'integration.yaml'))}, step of ${name}`,
        derive?.kind === 'fold' ? derive.step : undefined,
      ],
    ];
    return texts.flatMap(([file, text]) =>
      text === undefined ? [] : [issuesOf(() => Promise.resolve().then(() => loadMapping(text, file)))],
    );
  });
}

async function issuesOf(work: () => Promise<unknown>): Promise<Issue[]> {
  try {
    await work();
    return [];
  } catch (cause) {
    if (cause instanceof MappingFailure) return [cause.issue];
    if (!(cause instanceof CannotRunError)) throw cause;
    const { code, message, hint, at } = cause;
    return [
      {
        code,
        severity: 'error',
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(at === undefined ? {} : { at }),
      },
    ];
  }
}

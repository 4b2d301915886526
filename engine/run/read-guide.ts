import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassCaption, operatorGuide } from '../guide/operator-guide.ts';
import { loadRelease } from '../ocsf/release.ts';
import { variantsOf } from './dispatch.ts';
import { loadIntegration } from './integrations.ts';
import type { Places } from './run-request.ts';

export type Guide = {
  readonly integration: string;
  /** Where the guide is committed. */
  readonly file: string;
  readonly markdown: string;
  /** `absent`: nothing is committed; `stale`: the descriptor has changed since. */
  readonly committed: 'current' | 'stale' | 'absent';
};

/** The operator's guide of an integration, and whether the one in its folder still says the same. */
export async function readGuide(places: Places, nameOrFolder: string): Promise<Guide> {
  const { descriptor, folder } = await loadIntegration(places, nameOrFolder);
  const classes = new Map<string, ClassCaption>();
  for (const { ocsf } of descriptor.streams.flatMap(variantsOf)) {
    if (ocsf.class === '' || classes.has(ocsf.class)) continue;
    const release = await loadRelease(places.schemasDir, ocsf.version);
    const { uid, caption } = await release.classFacts(ocsf.class);
    classes.set(ocsf.class, { uid, caption });
  }
  const file = join(folder, 'GUIDE.md');
  const markdown = operatorGuide(descriptor, classes);
  const written = await readFile(file, 'utf8').catch(() => undefined);
  const committed = written === undefined ? 'absent' : written === markdown ? 'current' : 'stale';
  return { integration: descriptor.name, file, markdown, committed };
}

import type { Issue } from '../../diagnostics/issue.ts';
import type { Stream } from '../descriptor.ts';
import { type Check, issueAt, type Subject } from './subject.ts';

/** What may differ between two streams that give the same records all the same. */
const besideThePoint = new Set(
  `title summary default eventCode feature licence rateLimit permissions permissionsUrl grant deprecation primaryKey
  probe mapping shared source path query`.split(/\s+/),
);

/** Two streams that ask the same of the source, take the same rows, and make the same class of them. */
export const duplicateStreams: Check = (subject) => {
  const first = new Map<string, string>();
  return subject.descriptor.streams.flatMap((stream): Issue[] => {
    if (stream.request === undefined) return [];
    const key = whatItGives(stream, subject);
    const twin = first.get(key);
    if (twin === undefined) {
      first.set(key, stream.name);
      return [];
    }
    return [
      issueAt(
        subject.integrationFile.locate,
        '/streams',
        {
          code: 'descriptor/duplicate-stream',
          severity: 'warning',
          message: `"${stream.name}" asks for the same as "${twin}" and gives the same class: every record would come twice.`,
          hint: 'Take one of them out, or correct its path.',
        },
        stream.name,
      ),
    ];
  });
};

/** As text, the same for streams that only differ in words. Keys that are not known here count, so a new one never makes a twin. */
function whatItGives({ name, request }: Stream, { integrationFile }: Subject): string {
  // The file has passed the schema, and the stream was read from it.
  const { defaults = {}, streams } = integrationFile.value as {
    defaults?: object;
    streams: { [name: string]: object };
  };
  const said = Object.entries({ ...defaults, ...streams[name] }).filter(([key]) => !besideThePoint.has(key));
  const query = Object.entries(request?.query ?? {});
  return JSON.stringify([request?.path, query.sort(byKey), said.sort(byKey)]);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

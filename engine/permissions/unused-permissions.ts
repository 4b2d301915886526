import type { Descriptor } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import type { Issue } from '../diagnostics/issue.ts';

/** Permissions that the descriptor asks for and no stream uses. */
export function unusedPermissions({ permissions, streams }: Descriptor, locate: Locate): Issue[] {
  const used = new Set(streams.flatMap((stream) => stream.permissions));
  return Object.keys(permissions)
    .filter((name) => !used.has(name))
    .map((name) => ({
      code: 'permissions/unused',
      severity: 'warning',
      message: `No stream uses the permission ${name}, and an operator would be asked to grant it.`,
      hint: 'Take it out, or name it under the permissions of the stream that needs it.',
      at: locate('/permissions', name),
      pointer: `/permissions/${name}`,
    }));
}

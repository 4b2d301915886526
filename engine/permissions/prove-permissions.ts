import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import type { IssueCode } from '../diagnostics/codes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { PathIndex } from './path-index.ts';
import { streamPath } from './stream-path.ts';
import type { Access, Openers } from './vendor-catalogue.ts';

/**
 * What the vendor's own list says against a descriptor's permissions: too few, too many, the wrong ones, or none that
 * could ever help. Silent where the descriptor owns up to it, by `grant: delegated` or by `permissionsUrl`.
 */
export function provePermissions(descriptor: Descriptor, vendor: PathIndex, locate: Locate): Issue[] {
  return descriptor.streams.flatMap((stream) => {
    const path = streamPath(descriptor, stream);
    return path === undefined ? [] : proveStream(stream, path, vendor, reporter(stream, locate));
  });
}

type Report = (
  severity: Issue['severity'],
  code: IssueCode,
  key: 'path' | 'grant' | 'permissions' | `permissions/${number}`,
  message: string,
  hint: string,
) => Issue;

function reporter({ name }: Stream, locate: Locate): Report {
  return (severity, code, key, message, hint) => {
    const pointer = `/streams/${name}/${key}`;
    return { code, severity, message, hint, at: locate(pointer), pointer };
  };
}

function proveStream(stream: Stream, path: string, vendor: PathIndex, report: Report): Issue[] {
  const access = vendor.find(path);
  if (access === undefined) return unknownPath(stream, path, vendor, report);
  return [...proveGrant(stream, access, vendor, report), ...provePermitted(stream, access[stream.grant], report)];
}

function unknownPath({ name, permissionsUrl }: Stream, path: string, vendor: PathIndex, report: Report): Issue[] {
  if (permissionsUrl !== undefined) return [];
  const nearest = vendor.nearest(path);
  return [
    report(
      'warning',
      'permissions/unknown-path',
      'path',
      `${vendor.title} does not list ${path}, so nothing proves the permissions of "${name}".`,
      nearest === undefined
        ? "Check the path. If it is right, name the vendor's page that tells its permissions as permissionsUrl."
        : `Did you mean ${nearest}? If not, name the vendor's page that tells its permissions as permissionsUrl.`,
    ),
  ];
}

function proveGrant({ name, grant, derive }: Stream, access: Access, vendor: PathIndex, report: Report): Issue[] {
  if (grant === 'application' && access.application === undefined) {
    return [
      report(
        'error',
        'permissions/delegated-only',
        'path',
        `No app-only token can read "${name}", whatever is granted: ${vendor.title} opens its path to signed-in users only.`,
        derive === undefined
          ? 'Leave the stream out; or say so with "grant: delegated", and derive it from another stream.'
          : 'Say so with "grant: delegated"; the stream is then derived.',
      ),
    ];
  }
  if (grant === 'delegated' && access.application !== undefined) {
    return [
      report(
        'warning',
        'permissions/app-only-allowed',
        'grant',
        `"${name}" is said to be for signed-in users only, but ${vendor.title} opens its path to app-only tokens as well.`,
        `Take "grant" out, and declare ${anyOf(leastOf(access.application))}.`,
      ),
    ];
  }
  return [];
}

function provePermitted(stream: Stream, openers: Openers | undefined, report: Report): Issue[] {
  if (openers === undefined) return [];
  const { name, permissions, permissionsUrl } = stream;
  if (permissions.length === 0) return [undeclared(name, openers, report)];
  const opening = permissions.filter((permission) => openers.any.includes(permission));
  const [first] = opening;
  if (first === undefined) {
    return permissions.map((permission, index) => opensNothing(name, permission, index, openers, report));
  }
  const best = opening.find((permission) => openers.least.includes(permission)) ?? first;
  const others = permissionsUrl === undefined ? permissions.filter((permission) => permission !== best) : [];
  return [
    ...notLeast(stream, best, openers, report),
    ...others.map((other) => beyondNeed(stream, other, best, report)),
  ];
}

function undeclared(name: string, openers: Openers, report: Report): Issue {
  return report(
    'error',
    'permissions/undeclared',
    'permissions',
    `"${name}" declares no permission, but its path is closed without one.`,
    `Declare ${anyOf(leastOf(openers))} under its permissions.`,
  );
}

function opensNothing(name: string, permission: string, index: number, openers: Openers, report: Report): Issue {
  const meant = didYouMean(permission, openers.any);
  return report(
    'error',
    'permissions/does-not-open',
    `permissions/${index}`,
    `The permission ${permission} does not open the path of "${name}".`,
    meant === undefined ? `Declare ${anyOf(leastOf(openers))} instead.` : `Did you mean "${meant}"?`,
  );
}

function notLeast({ name, permissions }: Stream, best: string, { least }: Openers, report: Report): Issue[] {
  if (least.length === 0 || least.includes(best)) return [];
  return [
    report(
      'warning',
      'permissions/not-least',
      `permissions/${permissions.indexOf(best)}`,
      `The permission ${best} is more than "${name}" needs.`,
      `Declare ${anyOf(least)}, the least that opens its path.`,
    ),
  ];
}

function beyondNeed({ name, permissions }: Stream, other: string, best: string, report: Report): Issue {
  return report(
    'warning',
    'permissions/beyond-need',
    `permissions/${permissions.indexOf(other)}`,
    `"${name}" does not need the permission ${other}: ${best} opens its path by itself.`,
    "Take it out. If some fields need it, name the vendor's page that says so as permissionsUrl.",
  );
}

/** What to advise where the vendor names no least one: any that opens the path. */
function leastOf({ least, any }: Openers): readonly string[] {
  return least.length > 0 ? least : any;
}

function anyOf(names: readonly string[]): string {
  return names.join(' or ');
}

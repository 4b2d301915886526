import type { Descriptor } from '../descriptor/descriptor.ts';
import type { Locate } from '../descriptor/locate-written.ts';
import type { KnownTo } from '../descriptor/salvage.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { indexPaths, type PathIndex } from '../permissions/path-index.ts';
import { provePermissions } from '../permissions/prove-permissions.ts';
import { unusedPermissions } from '../permissions/unused-permissions.ts';
import { readVendorCatalogue } from '../permissions/vendor-catalogue.ts';

/** What is wrong with the permissions a descriptor asks for; against the vendor's own list where it names one. */
export async function checkPermissions(knownTo: KnownTo, locate: Locate, schemasDir: string): Promise<Issue[]> {
  const [used, proven] = [knownTo('unusedPermissions'), knownTo('provenPermissions')];
  const unused = used === undefined ? [] : unusedPermissions(used, locate);
  if (proven === undefined) return unused;
  try {
    const vendor = await openVendorCatalogue(proven, schemasDir);
    return vendor === undefined ? unused : [...unused, ...provePermissions(proven, vendor, locate)];
  } catch (cause) {
    if (!(cause instanceof CannotRunError)) throw cause;
    return [...unused, unknownCatalogue(cause, locate)];
  }
}

/** The list a descriptor names. Throws a `CannotRunError` where there is none of that name. */
export async function openVendorCatalogue(
  { vendorCatalogue }: Descriptor,
  schemasDir: string,
): Promise<PathIndex | undefined> {
  return vendorCatalogue === undefined ? undefined : indexPaths(await readVendorCatalogue(schemasDir, vendorCatalogue));
}

function unknownCatalogue({ code, message, hint }: CannotRunError, locate: Locate): Issue {
  const pointer = '/vendorCatalogue';
  return { code, severity: 'error', message, ...(hint !== undefined && { hint }), at: locate(pointer), pointer };
}

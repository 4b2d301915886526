import { isAnnotation } from './classify.ts';
import { formOf } from './forms.ts';
import type { Kind } from './kinds.ts';
import type { Rewrite } from './rewrite.ts';

/**
 * The field name that a key is. An object may be a table whose keys are ids, addresses or times: `*`. A field name may
 * hold the id of whoever defined it: `extension_*_assetTag`.
 */
export function fieldName(key: string): string {
  if (isAnnotation(key)) return key;
  if (dataKind(key) !== undefined) return '*';
  return key.replaceAll(definedBy, '*');
}

/** What the keys of a document hold that is data. */
export function dataInKey(key: string): { readonly value: string; readonly kind: Kind }[] {
  if (isAnnotation(key)) return [];
  const kind = dataKind(key);
  if (kind !== undefined) return [{ value: key, kind }];
  return (key.match(definedBy) ?? []).map((value) => ({ value, kind: 'guid' }));
}

export function rewriteKey(key: string, rewrite: Rewrite): string {
  return dataInKey(key).reduce(
    (text, { value, kind }) => text.replaceAll(value, () => String(rewrite(value, kind))),
    key,
  );
}

const definedBy = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])/gi;

function dataKind(key: string): Kind | undefined {
  const bare = key.replaceAll(definedBy, '');
  return formOf(key) ?? (/\d{4}/.test(bare) ? 'id' : undefined);
}

import type { Descriptor } from '../descriptor/descriptor.ts';
import { placeholdersIn } from '../descriptor/placeholders.ts';

/** The tenant of golden cases and of saved answers; invented, the same everywhere. */
const standInTenant = '11111111-2222-4333-8444-555555555555';

/** What a mapping sees of a connection where no operator has given one: the defaults, what they set, and an invented tenant. */
export function standInConnection({ connection, tenantUid }: Descriptor): {
  readonly tenantUid: string | undefined;
  readonly connection: { readonly [property: string]: string | number | boolean };
} {
  const defaults = Object.entries(connection.properties).flatMap(
    ([name, property]): [string, string | number | boolean][] => {
      const { default: value, choices } = property;
      if (value === undefined || value === null || typeof value === 'object') return [];
      return [...Object.entries(choices?.[String(value)]?.sets ?? {}), [name, value]];
    },
  );
  const tenant = placeholdersIn(tenantUid ?? '')
    .filter((name) => Object.hasOwn(connection.properties, name))
    .map((name): [string, string] => [name, standInTenant]);
  return {
    tenantUid: tenantUid === undefined ? undefined : standInTenant,
    connection: Object.fromEntries([...defaults, ...tenant]),
  };
}

import type { DeviceRow } from '../rows.ts';
import { isSaid, type Surroundings, toTime } from './map-user.ts';

/** `devices.jsonata` as an engineer would write it: the same JSON, key for key. */
export function mapDevice(row: DeviceRow, { connection }: Surroundings) {
  const { id, deviceId, displayName, operatingSystem, operatingSystemVersion, profileType } = row;
  const vendor = isSaid(row.manufacturer) ? row.manufacturer : row.Manufacturer;
  const model = isSaid(row.model) ? row.model : row.Model;
  const osId = operatingSystem ? systemOf(operatingSystem.toLowerCase()) : undefined;
  const typeId = deviceType(profileType, model, osId);
  const registered = toTime(row.registrationDateTime);
  return {
    activity_id: 2,
    severity_id: 1,
    status_id: 1,
    message: `Directory entry of ${displayName || deviceId || id || 'a device'}`,
    cloud: { provider: 'Azure', account: { uid: connection.tenantId, type_id: 17 } },
    device: {
      uid: deviceId ? deviceId : id,
      uid_alt: deviceId ? id : undefined,
      name: displayName,
      hostname: hostnameOf(row),
      domain: row.domainName,
      type_id: typeId,
      type: typeId === 99 ? profileType : undefined,
      vendor_name: vendor,
      model,
      is_managed: row.isManaged,
      is_compliant: row.isCompliant,
      is_personal: row.deviceOwnership === 'personal' ? true : row.deviceOwnership === 'company' ? false : undefined,
      is_shared: profileType === 'Shared' ? true : undefined,
      os:
        osId === undefined
          ? undefined
          : {
              name: operatingSystem,
              type_id: osId,
              type: osId === 99 ? operatingSystem : undefined,
              version: operatingSystemVersion,
              build:
                osId === 100 && typeof operatingSystemVersion === 'string'
                  ? operatingSystemVersion.split('.')[2]
                  : undefined,
            },
      hw_info: { vendor_name: vendor },
      created_time: toTime(row.createdDateTime) ?? registered,
      first_seen_time: registered,
      last_seen_time: toTime(row.approximateLastSignInDateTime),
      org: { uid: connection.tenantId },
    },
    unmapped: unmappedOf(row, vendor, model, osId !== undefined),
  };
}

function systemOf(system: string): number {
  if (system === 'unknown') return 0;
  for (const [pattern, id] of systems) if (pattern.test(system)) return id;
  return 99;
}

const systems: readonly (readonly [RegExp, number])[] = [
  [/^windows ?(phone|mobile)/, 101],
  [/^windows/, 100],
  [/^linux/, 200],
  [/^android/, 201],
  [/^mac/, 300],
  [/^ipad/, 302],
  [/^(ios|iphone)/, 301],
];

function deviceType(profile: string | null | undefined, model: string | null | undefined, osId: number | undefined) {
  if (profile === 'Printer') return 99;
  if (profile === 'IoT') return 7;
  if (profile === 'SecureVM' || model === 'Virtual Machine') return 6;
  if (osId === 302 || (typeof model === 'string' && /^ipad/i.test(model))) return 4;
  return osId === 101 || osId === 201 || osId === 301 ? 5 : 0;
}

function hostnameOf({ hostnames, hostNames, displayName }: DeviceRow): string | undefined {
  for (const name of [...(hostnames ?? []), ...(hostNames ?? []), displayName]) {
    if (typeof name === 'string' && isHostname.test(name)) return name;
  }
  return undefined;
}

const isHostname = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,20}$/i;

function unmappedOf(row: DeviceRow, vendor: unknown, model: unknown, hasSystem: boolean) {
  const rest: Record<string, unknown> = {};
  let isEmpty = true;
  for (const [field, value] of Object.entries(row)) {
    if (mapped.has(field)) continue;
    if (field === 'Manufacturer' && value === vendor) continue;
    if (field === 'Model' && value === model) continue;
    if (field === 'operatingSystemVersion' && hasSystem) continue;
    if (field === 'deviceOwnership' && (value === 'personal' || value === 'company')) continue;
    rest[field] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : rest;
}

const mapped = new Set([
  ...['id', 'deviceId', 'displayName', 'domainName', 'operatingSystem', 'manufacturer', 'model'],
  ...['isManaged', 'isCompliant', 'registrationDateTime', 'createdDateTime', 'approximateLastSignInDateTime'],
]);

import type { Kind } from './kinds.ts';

/** What an OCSF attribute holds, by its name in the dictionary, where that tells the kind. */
const attributes: readonly (readonly [RegExp, Kind])[] = [
  [/^(uid|uid_alt|uuid|serial_number|imei|udid|instance_uid|.*_uid)$/, 'id'],
  [/^(email_addr|.*_email_addr)$/, 'email'],
  [/^(full_name|given_name|surname|display_name|ldap_cn)$/, 'person'],
  [/^(hostname|fqdn)$/, 'host'],
  [/^(domain)$/, 'domain'],
  [/^(ip|subnet|.*_ip)$/, 'ip'],
  [/^(mac)$/, 'mac'],
  [/^(url_string|src_url|.*_url)$/, 'url'],
  [/^(phone_number)$/, 'phone'],
  [/^(ldap_dn|path)$/, 'path'],
  [/^(time|.*_time|.*_time_dt)$/, 'time'],
  [/^(desc|comment|status_detail|raw_data)$/, 'text'],
  [/^(city|postal_code|street_address|name)$/, 'name'],
];

/** The kind that the attributes a field flows to agree on. */
export function kindOfAttributes(names: readonly string[]): Kind | undefined {
  const found = new Set(names.map((name) => attributes.find(([pattern]) => pattern.test(name))?.[1]));
  found.delete(undefined);
  return found.size === 1 ? [...found][0] : undefined;
}

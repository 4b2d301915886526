import { createHash } from 'node:crypto';
import type { UserRow } from '../rows.ts';
import type { mapUser } from './map-user.ts';

export type RunFacts = { readonly tenantId: string; readonly runId: string; readonly receivedAt: number };

/**
 * The record that the engine makes of the mapped row of a well-kept directory, told in one literal: captions, metadata
 * and observables filled in, empty values left out. Nothing is checked, and a null or a number where text belongs would
 * go through.
 */
export function completeUser(row: UserRow, mapped: ReturnType<typeof mapUser>, run: RunFacts) {
  const { user, enrichments, cloud } = mapped;
  const [enrichment] = enrichments;
  return {
    class_uid: 5003,
    class_name: 'User Inventory Info',
    category_uid: 5,
    category_name: 'Discovery',
    activity_id: 2,
    activity_name: 'Collect',
    type_uid: 500302,
    type_name: 'User Inventory Info: Collect',
    severity_id: 1,
    severity: 'Informational',
    status_id: 1,
    status: 'Success',
    time: mapped.time ?? run.receivedAt,
    timezone_offset: mapped.timezone_offset,
    message: mapped.message,
    metadata: {
      correlation_uid: run.runId,
      event_code: 'userRegistrationDetails',
      log_name: 'reports/authenticationMethods/userRegistrationDetails',
      log_provider: 'Microsoft Graph',
      log_version: 'v1.0',
      logged_time: run.receivedAt,
      original_time: mapped.metadata.original_time,
      processed_time: Date.now(),
      product: {
        feature: { name: 'Authentication methods activity' },
        name: 'Microsoft Entra ID',
        vendor_name: 'Microsoft',
        version: 'v1.0',
      },
      profiles: ['cloud'],
      tenant_uid: run.tenantId,
      uid: uidOf(row, run.tenantId),
      version: '1.5.0',
    },
    cloud: { account: { type: 'M365 Tenant', type_id: 17, uid: cloud.account.uid }, provider: cloud.provider },
    enrichments: enrichment && [
      {
        created_time: enrichment.created_time,
        data: withoutEmptyFactors(enrichment.data),
        name: enrichment.name,
        provider: enrichment.provider,
        short_desc: enrichment.short_desc,
        src_url: enrichment.src_url,
        type: enrichment.type,
        value: enrichment.value,
      },
    ],
    observables: [
      { name: 'cloud.account.uid', type: 'Account Object: uid', type_id: 35, value: cloud.account.uid },
      { name: 'user.account.name', type: 'Account Object: name', type_id: 34, value: user.name },
      { name: 'user.account.uid', type: 'Account Object: uid', type_id: 35, value: user.uid },
      { name: 'user.name', type: 'User Name', type_id: 4, value: user.name },
      { name: 'user.uid', type: 'User Object: uid', type_id: 31, value: user.uid },
    ],
    user: {
      account: { name: user.name, type: 'Azure AD Account', type_id: 6, uid: user.uid },
      display_name: user.display_name,
      domain: user.domain,
      full_name: user.full_name,
      has_mfa: user.has_mfa,
      name: user.name,
      org: { uid: user.org.uid },
      type: user.type_id === 2 ? 'Admin' : 'User',
      type_id: user.type_id,
      uid: user.uid,
    },
    unmapped: mapped.unmapped && withoutEmptyLists(mapped.unmapped),
  };
}

function withoutEmptyFactors(facts: ReturnType<typeof mapUser>['enrichments'][number]['data']) {
  return facts.auth_factors.length > 0 ? facts : { ...facts, auth_factors: undefined };
}

function withoutEmptyLists(fields: Record<string, unknown>): Record<string, unknown> {
  for (const field in fields) {
    const value = fields[field];
    if (Array.isArray(value) && value.length === 0) fields[field] = undefined;
  }
  return fields;
}

/** A name-based UUID of what the source sent, so that the next run gives the row the same one. */
function uidOf(row: UserRow, tenantId: string): string {
  const canonical = JSON.stringify(row, Object.keys(row).sort());
  const hex = createHash('sha1')
    .update(namespace)
    .update(`microsoft-entra-mfa\n${tenantId}\nuser-registration-details\n${canonical}`)
    .digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The engine's, as the records shall be the same. */
const namespace = Buffer.from('6f2d4a583c1e5b7a9d4051c5e0a7f1ce', 'hex');

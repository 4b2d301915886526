import type { JsonObject } from '../records.ts';
import type { SourceShape } from './feed-draft.ts';
import { attributeAt, jsonOf, type LaidOutClass } from './laid-out-class.ts';

/** A source field that surely is an OCSF attribute: by its name, and by its type. */
export type Match = {
  readonly field: string;
  /** Dotted path of the attribute. */
  readonly path: string;
  /** The field is a number, where OCSF wants text: an id. */
  readonly isNumber: boolean;
  /** The field is a time as ISO 8601 text, and goes through `$toTime`. */
  readonly isTime: boolean;
};

/**
 * Finds the OCSF attributes that source fields surely are. Names are compared without case and separators; an attribute is
 * given once, by the first field that fits. What is not sure stays out, and goes to `unmapped`.
 */
export function matchFields({ properties }: SourceShape, ocsfClass: LaidOutClass): Match[] {
  const fields = Object.entries(properties).map(([field, schema]) => ({ field, schema, word: normalised(field) }));
  const matches: Match[] = [];
  for (const [word, paths] of rulesFor(ocsfClass)) {
    const found = fields.find((one) => one.word === word && !matches.some(({ field }) => field === one.field));
    if (found === undefined) continue;
    const path = paths.find(
      (one) => !matches.some((match) => match.path === one) && fits(found.schema, one, ocsfClass),
    );
    if (path !== undefined) {
      const attribute = attributeAt(ocsfClass, path);
      const isNumber =
        attribute !== undefined &&
        [found.schema.type].flat().includes('integer') &&
        jsonOf(ocsfClass, attribute) === 'string';
      matches.push({ field: found.field, path, isNumber, isTime: attribute?.type === 'timestamp_t' });
    }
  }
  return matches;
}

/** Words in the order in which they are asked for, each with the attributes it may be, the surest first. */
function rulesFor(ocsfClass: LaidOutClass): [word: string, paths: readonly string[]][] {
  const subject = subjectOf(ocsfClass);
  const isFinding = subject === 'finding_info';
  const person =
    subject === 'user' ? ['user'] : ['user', 'actor.user'].filter(() => !isFinding && subject === undefined);
  const machine = subject === 'device' ? ['device'] : [];
  const of = (owners: readonly string[], ...names: string[]) =>
    owners.flatMap((owner) => names.map((name) => `${owner}.${name}`));
  const subjects = subject === undefined ? [] : [subject];
  const rules: [words: string, paths: readonly string[]][] = [
    [`id uid uuid guid`, subject === undefined ? ['metadata.original_event_uid'] : of(subjects, 'uid')],
    ['userid accountid', of(person, 'uid')],
    ['username login loginname userprincipalname upn accountname', of(person, 'name')],
    ['email emailaddress mail useremail', of(person, 'email_addr')],
    ['fullname displayname', [...of(person, 'full_name'), ...of(machine, 'name')]],
    ['name', subject === undefined ? of(person, 'name') : [...of(subjects, 'name'), ...of(person, 'full_name')]],
    ['title subject', isFinding ? ['finding_info.title'] : []],
    ['description', isFinding ? ['finding_info.desc'] : []],
    ['hasmfa mfaenabled ismfaenabled mfa', of(person, 'has_mfa')],
    ['phonenumber phone', of(person, 'phone_number')],
    ['hostname computername devicename fqdn', of(machine, 'hostname')],
    ['ip ipaddress', of(machine, 'ip')],
    ['srcip sourceip clientip remoteip', ['src_endpoint.ip']],
    ['srcport sourceport', ['src_endpoint.port']],
    ['dstip destip destinationip', ['dst_endpoint.ip']],
    ['dstport destport destinationport', ['dst_endpoint.port']],
    ['mac macaddress', of(machine, 'mac')],
    ['model', of(machine, 'model')],
    ['manufacturer', of(machine, 'vendor_name')],
    ['domain', [...of(person, 'domain'), ...of(machine, 'domain')]],
    [
      'firstseen firstseenat',
      [...of(machine, 'first_seen_time'), ...(isFinding ? ['finding_info.first_seen_time'] : [])],
    ],
    ['lastseen lastseenat', [...of(machine, 'last_seen_time'), ...(isFinding ? ['finding_info.last_seen_time'] : [])]],
    [subject === undefined ? eventTimes : stateTimes, ['time']],
    [
      'created createdat createdtime createddatetime creationdate',
      [...of(machine, 'created_time'), ...(isFinding ? ['finding_info.created_time'] : [])],
    ],
    ['message msg', ['message']],
  ];
  return rules.flatMap(([words, paths]) => words.split(' ').map((word): [string, readonly string[]] => [word, paths]));
}

const eventTimes =
  'time timestamp eventtime eventdatetime occurredat occurred datetime date createdat created createddatetime updatedat updated';
const stateTimes =
  'updatedat updated modifiedat modified lastmodified lastupdated lastupdatedat updatedtime modifiedtime timestamp time';

/** What a record of the class is about, where that is one thing: the inventoried user or device, or the finding. */
function subjectOf({ shape }: LaidOutClass): string | undefined {
  const isRequired = (name: string) => shape.attributes[name]?.requirement === 'required';
  if (shape.category === 'findings') return isRequired('finding_info') ? 'finding_info' : undefined;
  if (shape.category !== 'discovery') return undefined;
  return ['user', 'device'].find(isRequired);
}

/** first_name, firstName and first-name are one word. */
function normalised(field: string): string {
  return field.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function fits(schema: JsonObject, path: string, ocsfClass: LaidOutClass): boolean {
  const attribute = attributeAt(ocsfClass, path);
  if (attribute?.enum !== undefined || attribute === undefined || attribute.is_array === true) return false;
  const types = [schema.type].flat().filter((type) => type !== 'null');
  if (types.length !== 1) return false;
  if (attribute.type === 'timestamp_t') return types[0] === 'string' && schema.format === 'date-time';
  const json = jsonOf(ocsfClass, attribute);
  return types[0] === json || (types[0] === 'integer' && json === 'string' && path.endsWith('uid'));
}

import { join } from 'node:path';
import { checkMapping } from '../../../engine/mapping/check/check-mapping.ts';
import type { TargetClass } from '../../../engine/mapping/check/target-class.ts';
import type { JsonObject } from '../../../engine/records.ts';
import { prepareClass } from '../../../engine/ocsf/prepare-class.ts';
import { targetClass } from '../../../engine/ocsf/target-class.ts';

export const schemasDir = join(import.meta.dirname, '..', '..', '..', 'schemas');

export type Target = { readonly version?: string; readonly className?: string; readonly profiles?: readonly string[] };

export async function targetOf({
  version = '1.5.0',
  className = 'user_inventory',
  profiles = [],
}: Target = {}): Promise<TargetClass> {
  return targetClass((await prepareClass(schemasDir, version, className, profiles)).plan);
}

/** The mark that stands in front of each place where an issue is expected. */
const mark = '▸';

/** The text without its marks, and where they stood: line and column counted from 1. */
export function unmarked(marked: string): { text: string; places: { line: number; column: number }[] } {
  const places: { line: number; column: number }[] = [];
  const lines = marked.split('\n').map((line, index) => {
    let clean = '';
    for (const char of line) {
      if (char === mark) places.push({ line: index + 1, column: clean.length + 1 });
      else clean += char;
    }
    return clean;
  });
  return { text: lines.join('\n'), places };
}

/** What the check says of a mapping, shortened to code, line and column. */
export async function findings(
  text: string,
  target: Target = {},
  source?: JsonObject,
): Promise<{ code: string; line: number | undefined; column: number | undefined }[]> {
  return (await issuesOf(text, target, source)).map(({ code, at }) => ({ code, line: at?.line, column: at?.column }));
}

export async function issuesOf(text: string, target: Target = {}, source?: JsonObject) {
  return checkMapping(text, 'users.jsonata', await targetOf(target), { source, bindings });
}

/** What the engine binds, as far as these tests use it. */
const bindings: { readonly [name: string]: JsonObject } = {
  connection: { type: 'object', properties: { tenantId: { type: 'string' } } },
  ingestedAt: { type: 'integer' },
  runStartedAt: { type: 'integer' },
};

/** A user inventory record with what it owes, and one more line. */
export function userRecord(line: string, before = ''): string {
  return `(${before}\n{\n  "activity_id": 2,\n  "severity_id": 1,\n  "user": { "name": "kim" },\n  ${line}\n})`;
}

/** The same with one more line in its user. */
export function withUser(line: string, before = ''): string {
  return `(${before}\n{\n  "activity_id": 2,\n  "severity_id": 1,\n  "user": {\n    "uid": "u-1",\n    ${line}\n  }\n})`;
}

/** The shape of an invented source. */
export const userSource: JsonObject = {
  type: 'object',
  required: ['id', 'createdAt', 'groups'],
  properties: {
    id: { type: 'string' },
    mail: { type: ['string', 'null'] },
    nick: { type: 'string' },
    createdAt: { type: 'string', format: 'date-time' },
    logins: { type: 'integer' },
    groups: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, key: { type: 'string' } } },
    },
    tags: { type: 'array', items: { type: 'string' } },
    office: { type: 'object', properties: { city: { type: 'string' }, floor: { type: ['integer', 'null'] } } },
  },
};

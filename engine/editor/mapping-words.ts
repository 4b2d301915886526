import type { MappingContext } from './mapping-context.ts';
import { type AttributeDescription, describeAttribute } from '../ocsf/describe-attribute.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { Places } from '../run/run-request.ts';

/** What the release says of the attribute at a dotted path of the stream's class. */
export function attributeFacts(
  { stream }: MappingContext,
  path: string,
  { schemasDir }: Places,
): Promise<AttributeDescription | undefined> {
  return describeAttribute(schemasDir, stream.ocsf, `/${path.replaceAll('.', '/')}`);
}

/** Most values that are listed in full. */
const mostValues = 40;

/** An attribute in Markdown: type, requirement, caption, class, who fills it in, values. */
export function attributeInWords(facts: AttributeDescription, { stream, target }: MappingContext): string {
  const { path, type, requirement, caption, profiles, deprecated, sibling, enum: values = {} } = facts;
  const all = Object.entries(values);
  const filledIn = target?.filledIn.get(path);
  const listed = all.slice(0, mostValues).map(([id, text]) => `- \`${id}\` ${text}`);
  return [
    `**${path}** · \`${type}\` · ${requirement}`,
    `${caption}. Class ${stream.ocsf.class}, OCSF ${stream.ocsf.version}.`,
    filledIn === undefined
      ? ''
      : filledIn === 'always'
        ? 'The engine fills it in, whatever the mapping says.'
        : 'The engine fills it in where the mapping gives none.',
    profiles === undefined ? '' : `Profile: ${profiles.join(' or ')}.`,
    deprecated === undefined ? '' : `Deprecated since ${deprecated}.`,
    sibling === undefined || all.length === 0
      ? ''
      : `Its caption is ${sibling}, which the engine fills in from the id.`,
    [...listed, ...(all.length > mostValues ? [`- and ${all.length - mostValues} more`] : [])].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The schema of a field by its dotted path in the shape of a row; items of an array share its path. */
export function fieldSchema(row: JsonObject | undefined, path: string): JsonObject | undefined {
  let schema: JsonValue | undefined = row;
  for (const step of path === '' ? [] : path.split('.')) schema = propertyOf(schema, step);
  return isJsonObject(schema) ? schema : undefined;
}

function propertyOf(schema: JsonValue | undefined, step: string): JsonValue | undefined {
  if (!isJsonObject(schema)) return undefined;
  if (isJsonObject(schema['properties']) && step in schema['properties']) return schema['properties'][step];
  return isJsonObject(schema['items']) ? propertyOf(schema['items'], step) : undefined;
}

/** `string or null, may be missing` */
export function fieldType(schema: JsonObject | undefined, isRequired: boolean): string {
  const types = [schema?.['type'] ?? 'any type']
    .flat()
    .filter((name) => typeof name === 'string')
    .join(' or ');
  return isRequired ? types : `${types}, may be missing`;
}

export function fieldInWords(path: string, schema: JsonObject | undefined, isRequired: boolean): string {
  const examples = Array.isArray(schema?.['examples']) ? schema['examples'] : [];
  return [
    `**${path}** · ${fieldType(schema, isRequired)}`,
    typeof schema?.['description'] === 'string' ? schema['description'] : '',
    examples.length === 0 ? '' : `Such as ${examples.map((each) => `\`${JSON.stringify(each)}\``).join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

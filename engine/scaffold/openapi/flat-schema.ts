import type { JsonObject, JsonValue } from '../../records.ts';
import { asList, asObject, textsOf } from '../kinds.ts';
import type { OpenDocument } from './open-document.ts';

/** A schema with its `$ref`, `allOf`, `oneOf` and `anyOf` worked in; what it holds inside is as the document has it. */
export type FlatSchema = {
  readonly types: readonly string[];
  readonly isNullable: boolean;
  readonly properties: { readonly [name: string]: JsonValue };
  readonly required: readonly string[];
  readonly items?: JsonValue;
  readonly format?: string;
  readonly values: readonly JsonValue[];
  readonly isOpen: boolean;
};

const nothing: FlatSchema = { types: [], isNullable: false, properties: {}, required: [], values: [], isOpen: false };

/** No honest schema nests its alternatives deeper. */
const deepest = 12;

/** Works a schema's parts together: of `allOf` all hold, of `oneOf` and `anyOf` each may. */
export function flatSchema(document: OpenDocument, value: JsonValue | undefined, depth = 0): FlatSchema {
  if (depth > deepest) return nothing;
  const schema = document.resolve(value);
  const inner = (parts: JsonValue | undefined) => asList(parts).map((part) => flatSchema(document, part, depth + 1));
  const choices = [...inner(schema.oneOf), ...inner(schema.anyOf)];
  const parts = [own(schema), ...inner(schema.allOf)];
  const either = choices.length === 0 ? [] : [choices.reduce(eitherOf)];
  return [...parts, ...either].reduce(bothOf);
}

function own(schema: JsonObject): FlatSchema {
  const { type, properties, items, format, enum: values, nullable, additionalProperties: others } = schema;
  const told = [type].flat().filter((one) => typeof one === 'string');
  const implied = properties !== undefined ? ['object'] : items !== undefined ? ['array'] : [];
  const types = told.length > 0 ? told : implied;
  return {
    types: types.filter((one) => one !== 'null'),
    isNullable: nullable === true || told.includes('null'),
    properties: asObject(properties),
    required: textsOf(schema.required),
    ...(items !== undefined && { items }),
    ...(typeof format === 'string' && { format }),
    values: asList(values),
    isOpen: others !== undefined && others !== false,
  };
}

function bothOf(one: FlatSchema, other: FlatSchema): FlatSchema {
  const items = other.items ?? one.items;
  const format = other.format ?? one.format;
  return {
    types: [...new Set([...one.types, ...other.types])],
    isNullable: one.isNullable || other.isNullable,
    properties: { ...one.properties, ...other.properties },
    required: [...new Set([...one.required, ...other.required])],
    ...(items !== undefined && { items }),
    ...(format !== undefined && { format }),
    values: [...one.values, ...other.values],
    isOpen: one.isOpen || other.isOpen,
  };
}

/** What only one of them has may be missing; an alternative of null alone makes the other nullable. */
function eitherOf(one: FlatSchema, other: FlatSchema): FlatSchema {
  const isNull = ({ types, isNullable }: FlatSchema) => isNullable && types.length === 0;
  if (isNull(other)) return { ...one, isNullable: true };
  if (isNull(one)) return { ...other, isNullable: true };
  return { ...bothOf(one, other), required: one.required.filter((name) => other.required.includes(name)) };
}

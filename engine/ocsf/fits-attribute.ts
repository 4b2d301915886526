import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ShapePlan } from './class-plan.ts';

/**
 * Whether one value (or item) keeps an attribute's enumeration, range, length and pattern, or holds what its object
 * requires. Only one level deep: what is inside an object has been looked at before.
 */
export function fits(attribute: AttributePlan, value: JsonValue): boolean {
  if (attribute.shape !== undefined) return isJsonObject(value) && isWhole(value, attribute.shape);
  if (attribute.captions !== undefined) return typeof value !== 'object' && attribute.captions.has(asId(value));
  const { pattern, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = attribute.limits;
  if (typeof value === 'string') return value.length <= maxLength && (pattern === undefined || pattern.test(value));
  return typeof value !== 'number' || (value >= minimum && value <= maximum);
}

function isWhole(value: JsonObject, shape: ShapePlan): boolean {
  const { required, atLeastOne, justOne } = shape;
  return (
    required.every((name) => value[name] !== undefined) &&
    (atLeastOne.length === 0 || atLeastOne.some((name) => isPresent(value, name))) &&
    (justOne.length === 0 || justOne.filter((name) => isPresent(value, name)).length === 1)
  );
}

/** Some constraints name an attribute of an inner object, as in `device.os.version`. */
function isPresent(value: JsonObject, name: string): boolean {
  let inner: JsonValue | undefined = value;
  for (const part of name.split('.')) inner = isJsonObject(inner) ? inner[part] : undefined;
  return inner !== undefined;
}

function asId(value: string | number | boolean | null): string | number {
  return typeof value === 'number' ? value : String(value);
}

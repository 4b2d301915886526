import fc, { type GeneratorValue } from 'fast-check';
import type { AttributePlan, ClassPlan, ShapePlan } from '../../../engine/ocsf/class-plan.ts';
import { targetClass } from '../../../engine/ocsf/target-class.ts';
import type { JsonObject, JsonValue } from '../../../engine/records.ts';

/** Random choices of one test case. */
export type Choose = GeneratorValue;

/**
 * A record as a mapping may give it: valid once the engine has completed it, and free of what the check advises against.
 * `undefined` where the choices lead too deep, or to a pattern that no sample here keeps.
 */
export function generatedRecord(choose: Choose, plan: ClassPlan): JsonObject | undefined {
  return new Generator(choose, targetClass(plan).filledIn).shape(plan.shape, '', 0);
}

/** Constraints that lead into objects are left to the planted faults. */
export function canBeGenerated({ shape }: ClassPlan): boolean {
  return ![...shape.atLeastOne, ...shape.justOne].some((name) => name.includes('.'));
}

const deepest = 3;

class Generator {
  readonly #choose: Choose;
  readonly #filledIn: ReadonlyMap<string, string>;

  constructor(choose: Choose, filledIn: ReadonlyMap<string, string>) {
    this.#choose = choose;
    this.#filledIn = filledIn;
  }

  /** `undefined` if there is no valid object so near the bottom. */
  shape(shape: ShapePlan, path: string, depth: number): JsonObject | undefined {
    const attributes = shape.attributes.filter((attribute) => this.#isWanted(attribute, path, depth));
    const wanted = new Set(attributes.filter((one) => isCompletable(one, shape)).map(({ name }) => name));
    const object: JsonObject = {};
    for (const attribute of shape.attributes) {
      if (!wanted.has(attribute.name) || shape.justOne.includes(attribute.name)) continue;
      const value = this.#value(attribute, join(path, attribute.name), depth);
      if (value !== undefined) object[attribute.name] = value;
      else if (attribute.required && !this.#filledIn.has(join(path, attribute.name))) return undefined;
    }
    if (!this.#satisfy(object, shape.justOne, shape, path, depth)) return undefined;
    if (!this.#satisfy(object, shape.atLeastOne, shape, path, depth)) return undefined;
    this.#nameOthers(object, shape);
    return Object.keys(object).length === 0 ? undefined : object;
  }

  #isWanted(attribute: AttributePlan, path: string, depth: number): boolean {
    const here = join(path, attribute.name);
    if (this.#filledIn.get(here) === 'always' || here === 'observables') return false;
    // The caption of an id follows from it.
    if (attribute.id !== undefined) return false;
    if (attribute.required) return !this.#filledIn.has(here);
    if (attribute.deprecated !== undefined || attribute.shape?.deprecated !== undefined) return false;
    return this.#chance(depth === 0 ? 35 : 20 - 5 * depth);
  }

  #satisfy(object: JsonObject, names: readonly string[], shape: ShapePlan, path: string, depth: number): boolean {
    if (names.length === 0 || names.some((name) => object[name] !== undefined)) return true;
    const start = this.#choose(fc.nat, { max: names.length - 1 });
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      const attribute = shape.byName.get(name);
      if (attribute === undefined || attribute.id !== undefined || attribute.deprecated !== undefined) continue;
      const value = this.#value(attribute, join(path, name), depth);
      if (value === undefined) continue;
      object[name] = value;
      return true;
    }
    return false;
  }

  /** Beside 99 stands the source's own word, now and then. */
  #nameOthers(object: JsonObject, shape: ShapePlan): void {
    for (const { name, caption } of shape.attributes) {
      if (caption !== undefined && object[name] === 99 && shape.byName.has(caption) && this.#chance(50)) {
        object[caption] = 'Quixotic';
      }
    }
  }

  #value(attribute: AttributePlan, path: string, depth: number): JsonValue | undefined {
    if (!attribute.isArray) return this.#one(attribute, path, depth);
    const items: JsonValue[] = [];
    const length = this.#choose(fc.integer, { min: 1, max: depth > 1 ? 1 : 3 });
    for (let count = 0; count < length; count++) {
      const item = this.#one(attribute, path, depth);
      if (item !== undefined) items.push(item);
    }
    return items.length === 0 ? undefined : items;
  }

  #one(attribute: AttributePlan, path: string, depth: number): JsonValue | undefined {
    if (attribute.json === 'object') {
      if (attribute.shape === undefined) return { note: this.#text() };
      return depth >= deepest + 4 || (depth >= deepest && !attribute.required)
        ? undefined
        : this.shape(attribute.shape, path, depth + 1);
    }
    if (attribute.captions !== undefined) return this.#id(attribute);
    return plainValue(attribute, this.#choose);
  }

  #id({ captions, deprecatedIds }: AttributePlan): JsonValue | undefined {
    const ids = [...(captions?.keys() ?? [])].filter((id) => deprecatedIds?.has(id) !== true);
    return ids.length === 0 ? undefined : ids[this.#choose(fc.nat, { max: ids.length - 1 })];
  }

  #text(): string {
    return text(this.#choose);
  }

  #chance(percent: number): boolean {
    return this.#choose(fc.nat, { max: 99 }) < percent;
  }
}

/** One release types the caption of an id as a number, so that the engine's caption is refused. */
function isCompletable({ caption }: AttributePlan, shape: ShapePlan): boolean {
  const attribute = caption === undefined ? undefined : shape.byName.get(caption);
  return attribute === undefined || attribute.json === 'string';
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const words = ['amber', 'birch', 'cobalt', 'dune', 'Kim "the one" Akers', 'back\\slash', 'naïve ☕'];

function text(choose: Choose): string {
  return words[choose(fc.nat, { max: words.length - 1 })] ?? '';
}

const samples: { readonly [type: string]: string } = {
  bytestring_t: 'aGVsbG8=',
  datetime_t: '2026-01-02T03:04:05.678Z',
  email_t: 'kim@contoso.example',
  file_hash_t: 'd41d8cd98f00b204e9800998ecf8427e',
  hostname_t: 'host-1.contoso.example',
  ip_t: '192.0.2.7',
  mac_t: '00:00:5E:00:53:01',
  subnet_t: '192.0.2.0/24',
  uuid_t: '123e4567-e89b-42d3-a456-426614174000',
  url_t: 'https://contoso.example/a',
};

/** A value within its type's limits; `undefined` for the rare pattern that no sample here keeps. */
function plainValue({ type, json, limits }: AttributePlan, choose: Choose): JsonValue | undefined {
  switch (json) {
    case 'string': {
      const { pattern, maxLength = Infinity } = limits;
      const value = samples[type] ?? text(choose);
      return value.length <= maxLength && (pattern === undefined || pattern.test(value)) ? value : undefined;
    }
    case 'boolean':
      return choose(fc.boolean);
    case 'integer':
      if (type === 'timestamp_t') return 1_767_225_600_000 + choose(fc.nat, { max: 100_000_000 });
      return Math.max(limits.minimum ?? 0, choose(fc.nat, { max: 99 }));
    case 'number':
      return choose(fc.nat, { max: 9 }) + 0.5;
    case 'any':
      return { note: text(choose) };
    case 'object':
      return undefined;
    default:
      return json satisfies never;
  }
}

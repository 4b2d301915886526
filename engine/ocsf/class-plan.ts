import type { AttributeFacts, ClassFacts, Shape } from './facts.ts';
import { constraintNames, enumValues, isIncluded, type ProfileSet, typeSchema } from './json-schema.ts';
import { type Layouts, newLayouts } from './layout.ts';
import { firstSpot, type Spot } from './observable-spot.ts';
import type { Release } from './release.ts';

/** A class under one set of profiles, with every look-up done beforehand: records are many, classes few. */
export type ClassPlan = {
  readonly version: string;
  readonly facts: ClassFacts;
  readonly profiles: ProfileSet;
  readonly shape: ShapePlan;
  /** Observable type id to caption. */
  readonly observableCaptions: ReadonlyMap<number, string>;
  /** Where observables were found so far; see `deriveObservables`. */
  readonly firstSpot: Spot;
};

/** A class or object: what its attributes are, in the order in which a record shows them. */
export type ShapePlan = {
  readonly name: string;
  readonly caption: string;
  readonly attributes: readonly AttributePlan[];
  readonly byName: ReadonlyMap<string, AttributePlan>;
  /** Attributes that the facts have but the record's profiles do not open: name to the profiles that would. */
  readonly closed: ReadonlyMap<string, readonly string[]>;
  readonly required: readonly string[];
  readonly atLeastOne: readonly string[];
  readonly justOne: readonly string[];
  readonly deprecated: string | undefined;
  /** What is remembered of objects of this shape; see `layoutOf`. */
  readonly layouts: Layouts;
};

export type AttributePlan = {
  readonly name: string;
  /** Its place among the attributes of the class or object. */
  readonly index: number;
  readonly type: string;
  readonly isArray: boolean;
  readonly required: boolean;
  /** What JSON must hold, for each item if it is an array. */
  readonly json: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'any';
  /** The object's own attributes; absent for values and for open objects. */
  readonly shape: ShapePlan | undefined;
  readonly limits: Limits;
  /** Id to caption. */
  readonly captions: ReadonlyMap<number | string, string> | undefined;
  /** Caption, and caption in lower case, to id. */
  readonly ids: ReadonlyMap<string, number | string> | undefined;
  readonly deprecatedIds: ReadonlyMap<number | string, string> | undefined;
  /** The attribute with the caption of this id. */
  readonly caption: string | undefined;
  /** Where this attribute is the caption: the attribute with its id. */
  id: AttributePlan | undefined;
  /** The observable type that a value of this attribute is. */
  readonly observable: number | undefined;
  /** The observable type of the object as a whole; it carries no value. */
  readonly objectObservable: number | undefined;
  readonly deprecated: string | undefined;
  /** The profiles that bring it; absent if the class or object has it anyway. */
  readonly profiles: readonly string[] | undefined;
};

export type Limits = {
  readonly pattern?: RegExp;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** How a record opens, as OCSF's own examples do; then come the other attributes by the alphabet, `unmapped` last. */
const firstAttributes = [
  ...['class_uid', 'class_name', 'category_uid', 'category_name', 'activity_id', 'activity_name'],
  ...['type_uid', 'type_name', 'severity_id', 'severity', 'status_id', 'status', 'status_code', 'status_detail'],
  ...['time', 'time_dt', 'timezone_offset', 'message', 'metadata'],
];

/** Works a class and all it reaches into tables. Takes some milliseconds; keep the plan. */
export function planClass(release: Release, facts: ClassFacts, profiles: ProfileSet): ClassPlan {
  const planner = new Planner(release, profiles);
  return {
    version: release.version,
    facts,
    profiles,
    shape: planner.planShape(facts, recordOrder),
    observableCaptions: planner.observableCaptions,
    firstSpot: firstSpot(),
  };
}

/** An attribute by its dotted path, such as `user.account.name`; `undefined` if the class does not have it. */
export function attributeAt(shape: ShapePlan, path: string): AttributePlan | undefined {
  const [first = '', ...rest] = path.split('.');
  const attribute = shape.byName.get(first);
  if (rest.length === 0 || attribute === undefined) return attribute;
  return attribute.shape === undefined ? undefined : attributeAt(attribute.shape, rest.join('.'));
}

function recordOrder(one: string, other: string): number {
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function rank(name: string): number {
  if (name === 'unmapped') return firstAttributes.length + 1;
  const position = firstAttributes.indexOf(name);
  return position === -1 ? firstAttributes.length : position;
}

/** Objects contain each other in circles, so every object is planned once and known before its attributes are. */
class Planner {
  readonly observableCaptions: ReadonlyMap<number, string>;
  readonly #release: Release;
  readonly #profiles: ProfileSet;
  readonly #objects = new Map<string, ShapePlan>();
  readonly #limits = new Map<string, Limits>();
  /** Observables that belong to an attribute's name wherever it stands. */
  readonly #observableByName: ReadonlyMap<string, number>;

  constructor(release: Release, profiles: ProfileSet) {
    this.#release = release;
    this.#profiles = profiles;
    const observables = Object.entries(release.observables);
    this.observableCaptions = new Map(observables.map(([id, { caption }]) => [Number(id), caption]));
    this.#observableByName = new Map(
      observables.flatMap(([id, { kind, attribute }]) =>
        kind === 'attribute' && attribute !== undefined ? [[attribute, Number(id)] as const] : [],
      ),
    );
  }

  planShape(facts: Shape, order?: (one: string, other: string) => number): ShapePlan {
    const attributes: AttributePlan[] = [];
    const byName = new Map<string, AttributePlan>();
    const all = Object.entries(facts.attributes);
    const included = all.filter(([, attribute]) => isIncluded(attribute, this.#profiles));
    const names = new Set(included.map(([name]) => name));
    const shape: ShapePlan = {
      name: facts.name,
      caption: facts.caption,
      attributes,
      byName,
      closed: new Map(
        all.filter(([name]) => !names.has(name)).map(([name, attribute]) => [name, attribute.profiles ?? []]),
      ),
      required: included.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name),
      atLeastOne: constraintNames(facts.constraints?.at_least_one, names),
      justOne: constraintNames(facts.constraints?.just_one, names),
      deprecated: facts.deprecated,
      layouts: newLayouts(),
    };
    if (order === undefined) this.#objects.set(facts.name, shape);
    else included.sort(([one], [other]) => order(one, other));

    for (const [name, attribute] of included) {
      const planned = this.#planAttribute(name, attribute, facts, attributes.length);
      attributes.push(planned);
      byName.set(name, planned);
    }
    for (const attribute of attributes) {
      const caption = attribute.caption === undefined ? undefined : byName.get(attribute.caption);
      if (caption !== undefined) caption.id = attribute;
    }
    return shape;
  }

  #planAttribute(name: string, facts: AttributeFacts, owner: Shape, index: number): AttributePlan {
    const object = facts.object_type === undefined ? undefined : this.#release.objects[facts.object_type];
    const captions =
      facts.enum === undefined ? undefined : enumValues(facts).map((id) => [id, captionOf(facts, id)] as const);
    return {
      name,
      index,
      type: facts.object_type ?? facts.type,
      isArray: facts.is_array === true,
      required: facts.requirement === 'required',
      json: object === undefined ? (this.#release.types[facts.type]?.json ?? 'any') : 'object',
      shape:
        object === undefined || isOpen(object) ? undefined : (this.#objects.get(object.name) ?? this.planShape(object)),
      limits: object === undefined ? this.#limitsOf(facts.type) : {},
      captions: captions && new Map(captions),
      ids: captions && new Map([...captions.map(lowerCaption).reverse(), ...captions.map(swap)]),
      deprecatedIds: facts.enum_deprecated && new Map(enumEntries(facts, facts.enum_deprecated)),
      caption: captions === undefined || hasNoTypeName(name, owner) ? undefined : facts.sibling,
      id: undefined,
      observable: object === undefined ? this.#observableOf(name, facts) : undefined,
      objectObservable: object?.observable,
      deprecated: facts.deprecated,
      profiles: facts.profiles,
    };
  }

  #limitsOf(type: string): Limits {
    const known = this.#limits.get(type);
    if (known !== undefined) return known;
    const { pattern, maxLength, minimum, maximum } = typeSchema(this.#release.types, type);
    const limits: Limits = {
      ...(typeof pattern === 'string' && { pattern: new RegExp(pattern, 'u') }),
      ...(typeof maxLength === 'number' && { maxLength }),
      ...(typeof minimum === 'number' && { minimum }),
      ...(typeof maximum === 'number' && { maximum }),
    };
    this.#limits.set(type, limits);
    return limits;
  }

  /** If several fit, the most general wins: the type and its bases, then the name, then the name in this object. */
  #observableOf(name: string, facts: AttributeFacts): number | undefined {
    for (let type = this.#release.types[facts.type]; type !== undefined; ) {
      if (type.observable !== undefined) return type.observable;
      type = type.base === undefined ? undefined : this.#release.types[type.base];
    }
    return this.#observableByName.get(name) ?? facts.observable;
  }
}

function isOpen(object: Shape): boolean {
  return Object.keys(object.attributes).length === 0;
}

function captionOf(facts: AttributeFacts, id: number | string): string {
  return facts.enum?.[String(id)] ?? '';
}

function enumEntries(facts: AttributeFacts, values: { readonly [id: string]: string }) {
  return Object.entries(values).map(([id, value]) => [facts.type === 'string_t' ? id : Number(id), value] as const);
}

function swap([id, caption]: readonly [number | string, string]): [string, number | string] {
  return [caption, id];
}

function lowerCaption([id, caption]: readonly [number | string, string]): [string, number | string] {
  return [caption.toLowerCase(), id];
}

/**
 * The schema project's server takes the 99 of a Base Event's `type_uid` for "Other" and finds the right `type_name`
 * suspicious, so a Base Event goes without.
 */
function hasNoTypeName(name: string, owner: Shape): boolean {
  return name === 'type_uid' && owner.name === 'base_event';
}

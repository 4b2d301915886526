/**
 * An OCSF class as the release's facts have it, with what it reaches. Scaffold and OCSF are neighbours and do not import
 * each other; `engine/ocsf/facts.ts` has the whole of these shapes.
 */
export type LaidOutClass = {
  readonly version: string;
  readonly shape: LaidOutShape & { readonly category: string };
  readonly objects: { readonly [name: string]: LaidOutShape };
  /** OCSF type → what JSON must hold. */
  readonly types: { readonly [name: string]: { readonly json: JsonKind; readonly base?: string } };
  /** Dotted paths that the engine fills in whatever the mapping says, or where it says nothing. */
  readonly filledIn: { has(path: string): boolean };
};

export type JsonKind = 'string' | 'integer' | 'number' | 'boolean' | 'any';

/** An object without attributes is open: any keys. */
export type LaidOutShape = {
  readonly name: string;
  readonly caption: string;
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
  readonly attributes: { readonly [name: string]: LaidOutAttribute };
};

export type LaidOutAttribute = {
  readonly caption: string;
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement: 'required' | 'recommended' | 'optional';
  readonly profiles?: readonly string[];
  readonly enum?: { readonly [id: string]: string };
  readonly enum_deprecated?: { readonly [id: string]: string };
  /** The attribute that holds the caption of this one's id. */
  readonly sibling?: string;
  readonly deprecated?: string;
};

/** The attributes that a record without profiles may have and a mapping gives: no captions, nothing needlessly deprecated. */
export function openAttributes(shape: LaidOutShape): [name: string, attribute: LaidOutAttribute][] {
  const all = Object.entries(shape.attributes);
  const captions = new Set(all.flatMap(([, { sibling, enum: ids }]) => (ids === undefined ? [] : [sibling])));
  return all.filter(
    ([name, { profiles, deprecated, requirement }]) =>
      profiles === undefined && (deprecated === undefined || requirement === 'required') && !captions.has(name),
  );
}

/** An attribute by its dotted path; `undefined` if the class does not have it without a profile. */
export function attributeAt({ shape, objects }: LaidOutClass, path: string): LaidOutAttribute | undefined {
  let at: LaidOutShape | undefined = shape;
  let found: LaidOutAttribute | undefined;
  for (const name of path.split('.')) {
    found = at?.attributes[name];
    if (found === undefined || found.profiles !== undefined || found.deprecated !== undefined) return undefined;
    at = found.object_type === undefined ? undefined : objects[found.object_type];
  }
  return found;
}

/** What JSON must hold; `object` for an object. */
export function jsonOf({ types }: LaidOutClass, { type, object_type: object }: LaidOutAttribute): JsonKind | 'object' {
  return object === undefined ? (types[type]?.json ?? 'any') : 'object';
}

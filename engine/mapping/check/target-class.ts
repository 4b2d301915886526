/**
 * The OCSF class a mapping is written for, as data: `engine/ocsf/target-class.ts` makes it from a release's facts.
 * Mapping and OCSF are neighbours and do not import each other.
 */
export type TargetClass = {
  /** The OCSF release. */
  readonly version: string;
  readonly shape: TargetShape;
  /** Dotted path to how the engine fills it in: `always`, whatever the mapping says, or only where it says nothing. */
  readonly filledIn: ReadonlyMap<string, 'always' | 'by-default'>;
};

/** A class or object under the stream's profiles. Shapes contain each other in circles. */
export type TargetShape = {
  readonly name: string;
  readonly byName: ReadonlyMap<string, TargetAttribute>;
  /** Attributes that would need one of these profiles. */
  readonly closed: ReadonlyMap<string, readonly string[]>;
  /** Names may lead into an object, as in `device.os.version`. */
  readonly atLeastOne: readonly string[];
  readonly justOne: readonly string[];
  /** The release that deprecated it. */
  readonly deprecated: string | undefined;
};

export type TargetAttribute = {
  readonly name: string;
  /** OCSF's word, such as `timestamp_t`, or the object's name. */
  readonly type: string;
  readonly isArray: boolean;
  readonly required: boolean;
  /** What JSON must hold, for each item if it is an array. */
  readonly json: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'any';
  /** Absent for values and for objects open to any keys. */
  readonly shape: TargetShape | undefined;
  /** Id to caption. */
  readonly captions: ReadonlyMap<number | string, string> | undefined;
  readonly deprecatedIds: ReadonlyMap<number | string, string> | undefined;
  /** The attribute with the caption of this id. */
  readonly caption: string | undefined;
  /** Where this attribute is a caption: the attribute with its id. */
  readonly id: TargetAttribute | undefined;
  readonly deprecated: string | undefined;
};

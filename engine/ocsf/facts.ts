/** One OCSF release as plain facts, in the words of `schemas/README.md`; wire names keep their spelling. */

export type ReleaseFacts = {
  readonly version: string;
  /** Repository, release and commit. */
  readonly source: string;
  readonly extensions: Named<{ readonly uid: number; readonly caption: string; readonly version: string }>;
  readonly categories: Named<{ readonly uid: number; readonly caption: string }>;
  readonly types: Named<TypeFacts>;
  /** By the name that `metadata.profiles` carries. */
  readonly profiles: Named<{ readonly caption: string; readonly attributes: readonly string[] }>;
  /** By observable type id. */
  readonly observables: Named<ObservableFacts>;
  readonly classes: Named<{ readonly uid: number; readonly caption: string; readonly deprecated?: string }>;
};

export type TypeFacts = {
  readonly caption: string;
  readonly json: 'string' | 'integer' | 'number' | 'boolean' | 'any';
  readonly primitive: string;
  readonly base?: string;
  readonly regex?: string;
  readonly range?: readonly [number, number];
  readonly max_len?: number;
  readonly observable?: number;
};

export type ObservableFacts = {
  readonly caption: string;
  readonly kind: 'base' | 'type' | 'attribute' | 'object' | 'object_attribute' | 'class_attribute';
  readonly type?: string;
  readonly object?: string;
  readonly attribute?: string;
};

export type ClassFacts = Shape & {
  readonly uid: number;
  readonly category: string;
  readonly category_uid: number;
};

/** An object without attributes is open: any keys. */
export type ObjectFacts = Shape & { readonly observable?: number };

/** What classes and objects have in common. */
export type Shape = {
  readonly name: string;
  readonly caption: string;
  readonly profiles?: readonly string[];
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
  /** The release that deprecated it. */
  readonly deprecated?: string;
  readonly attributes: Named<AttributeFacts>;
};

export type AttributeFacts = {
  readonly caption: string;
  /** A key of `types`, or `object_t`. */
  readonly type: string;
  /** With `object_t`: a key of the objects. */
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement: 'required' | 'recommended' | 'optional';
  /** Allowed, and owed, only if the record declares one of these. */
  readonly profiles?: readonly string[];
  /** Id, as text, to caption. */
  readonly enum?: Named<string>;
  readonly enum_deprecated?: Named<string>;
  /** The attribute that holds the caption of this one's id. */
  readonly sibling?: string;
  readonly observable?: number;
  readonly deprecated?: string;
};

type Named<Value> = { readonly [name: string]: Value };

export type Objects = Named<ObjectFacts>;

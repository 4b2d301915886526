import { pointerKeys } from '../json-pointer.ts';
import type { AttributeFacts, Shape } from './facts.ts';
import { loadRelease } from './release.ts';

/** What a release says of one attribute. */
export type AttributeDescription = {
  /** Dotted, as people write it: `device.os.type_id`. */
  readonly path: string;
  readonly caption: string;
  /** `integer_t`, or the name of the object; `[]` behind it where several may stand. */
  readonly type: string;
  readonly requirement: 'required' | 'recommended' | 'optional';
  /** Present only in records that declare one of these profiles. */
  readonly profiles?: readonly string[];
  /** Id, as text, to caption. */
  readonly enum?: { readonly [id: string]: string };
  /** The attribute with the caption of this one's id. */
  readonly sibling?: string;
  /** The release that deprecated it. */
  readonly deprecated?: string;
};

/** The attribute that a JSON Pointer into a record leads to; `undefined` if the class has none there. */
export async function describeAttribute(
  schemasDir: string,
  { version, class: className }: { readonly version: string; readonly class: string },
  pointer: string,
): Promise<AttributeDescription | undefined> {
  const release = await loadRelease(schemasDir, version);
  const keys = pointerKeys(pointer).filter((part) => !/^\d+$/.test(part));
  let shape: Shape | undefined = await release.classFacts(className);
  let facts: AttributeFacts | undefined;
  for (const key of keys) {
    facts = shape !== undefined && Object.hasOwn(shape.attributes, key) ? shape.attributes[key] : undefined;
    shape = facts?.object_type === undefined ? undefined : release.objects[facts.object_type];
  }
  return facts && described(facts, keys.join('.'));
}

function described(facts: AttributeFacts, path: string): AttributeDescription {
  const { caption, requirement, profiles, sibling, deprecated } = facts;
  return {
    path,
    caption,
    type: `${facts.object_type ?? facts.type}${facts.is_array === true ? '[]' : ''}`,
    requirement,
    ...(profiles !== undefined && { profiles }),
    ...(facts.enum !== undefined && { enum: facts.enum }),
    ...(sibling !== undefined && { sibling }),
    ...(deprecated !== undefined && { deprecated }),
  };
}

import { isListed, type SourceField, type SourceSchema } from './source-schema.ts';
import type { Option, Value } from './value.ts';

/** Marks the name of a field that a `$sift` over the whole record asks about. */
export const siftedName = '$sift';

/** Which fields of the source record a mapping has looked at, and which names it asked for in vain. */
export class Reads {
  readonly #touched = new Set<string>();
  readonly #whole = new Set<string>();
  readonly #asked = new Map<number, Asked>();
  /** By the offset of a name: the parts of the source record it is looked up in, by their path. */
  readonly lookedIn = new Map<number, Map<string, SourceField>>();
  /** Names in a list that a `$sift` over the record asks for, with their places. */
  readonly listed = new Map<string, number>();

  touch(path: string): void {
    this.#touched.add(path);
  }

  /** Everything inside counts as used. */
  useWhole(path: string): void {
    this.#touched.add(path);
    this.#whole.add(path);
  }

  /** Every part of the source record that a value holds goes somewhere as a whole. */
  useValue({ options }: Value): void {
    for (const option of options) this.#useOption(option);
  }

  #useOption(option: Option): void {
    if (option.kind === 'object' && option.source !== undefined) this.useWhole(option.source.path);
    if (option.kind === 'array') this.useValue(option.items);
  }

  /** Whether a name is in a list has been asked. */
  askList(name: Value, list: readonly Value[]): void {
    if (name.options.some((option) => option.kind !== 'any' && option.origin.path === siftedName)) {
      for (const { options } of list) for (const option of options) this.#list(option);
    }
  }

  #list(option: Option): void {
    if (option.kind === 'string' && option.literal !== undefined && option.origin.by === 'mapping') {
      this.listed.set(option.literal, option.origin.at);
    }
  }

  lookIn(at: number, parent: SourceField): void {
    const parents = this.lookedIn.get(at) ?? new Map<string, SourceField>();
    this.lookedIn.set(at, parents.set(parent.path, parent));
  }

  /** A name was looked up at `at`; it counts as unknown only if no look-up there ever found it. */
  ask(at: number, name: string, parents: readonly SourceField[]): void {
    const asked = this.#asked.get(at) ?? { name, parents: [], found: false };
    this.#asked.set(at, { name, found: asked.found || parents.length === 0, parents: [...asked.parents, ...parents] });
  }

  unknown(): { at: number; name: string; parents: readonly SourceField[] }[] {
    return [...this.#asked].filter(([, { found }]) => !found).map(([at, { name, parents }]) => ({ at, name, parents }));
  }

  /** Dotted paths of the declared fields that nothing looked at. */
  unused(schema: SourceSchema, path: string, pathTo: (parent: string, name: string) => string): string[] {
    if (this.#whole.has(path) || !isListed(schema)) return [];
    const fields = [...schema.fields].map(([name, field]) => [pathTo(path, name), field] as const);
    const isEntered = fields.some(([field]) => this.#touched.has(field));
    if (path !== '' && !isEntered) return [];
    return fields.flatMap(([field, inner]) =>
      this.#touched.has(field) ? this.unused(inner.items ?? inner, field, pathTo) : [field],
    );
  }
}

type Asked = { readonly name: string; readonly parents: readonly SourceField[]; readonly found: boolean };

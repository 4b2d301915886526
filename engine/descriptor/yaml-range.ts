import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, visit, type YAMLMap } from 'yaml';
import { pointerKeys } from '../json-pointer.ts';

/** Offsets in the text; the second is behind the last character. */
type Range = readonly [start: number, end: number];
type WrittenPair = Pair<Node, Node | null>;

/**
 * Finds where the value at a JSON Pointer is written: with `key`, the key of that name in it. Goes as far as the steps
 * lead; the last key found stands for what is missing below it. Aliases and merge keys are followed to their anchors.
 */
export function rangeFinder(document: Document.Parsed): (pointer: string, key?: string) => Range | undefined {
  let holders: Map<unknown, WrittenPair> | undefined;

  /** What stands behind an alias, and the key it is written under. */
  const followed = (pair: WrittenPair): WrittenPair => {
    if (!isAlias(pair.value)) return pair;
    const target = pair.value.resolve(document);
    holders ??= holdersOf(document);
    return holders.get(target) ?? pair;
  };

  const findPair = (map: YAMLMap, step: string): WrittenPair | undefined => {
    const pairs = map.items.filter((item): item is WrittenPair => isScalar(item.key));
    const own = pairs.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (own !== undefined) return own;
    for (const pair of pairs) {
      if (!isScalar(pair.key) || pair.key.source !== '<<') continue;
      const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
      for (const source of sources) {
        const map = isAlias(source) ? source.resolve(document) : source;
        const merged = isMap(map) ? findPair(map, step) : undefined;
        if (merged !== undefined) return merged;
      }
    }
    return undefined;
  };

  return (pointer, key) => {
    const steps = [...pointerKeys(pointer), ...(key === undefined ? [] : [key])];
    let node: Node | undefined = document.contents ?? undefined;
    let found = rangeOfNode(node);
    for (const [index, step] of steps.entries()) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const used = findPair(node, step);
        if (used === undefined) return found;
        const last = index === steps.length - 1;
        const pair = last && key !== undefined ? used : followed(used);
        node = pair.value ?? undefined;
        const isWrongScalar = last && key === undefined && isScalar(node);
        found = (isWrongScalar ? rangeOfNode(node) : undefined) ?? rangeOfNode(pair.key) ?? found;
      } else if (isSeq(node)) {
        // The parsed tree's items are nodes; its type leaves them open for documents built by hand.
        node = node.items[Number(step)] as Node | undefined;
        found = rangeOfNode(node) ?? found;
      } else {
        return found;
      }
    }
    return found;
  };
}

/** Each value with the pair it is written in. */
function holdersOf(document: Document.Parsed): Map<unknown, WrittenPair> {
  const holders = new Map<unknown, WrittenPair>();
  visit(document, {
    Pair(_, pair) {
      holders.set(pair.value, pair as WrittenPair); // parsed, so key and value are nodes
    },
  });
  return holders;
}

/** An empty value has a range without length, behind its key: the key is shown instead. */
function rangeOfNode(node: Node | null | undefined): Range | undefined {
  const range = node?.range;
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined;
}

import {
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
} from 'yaml';

/** Deeper than any descriptor; much deeper, the parser's recursion would end the process. */
const maxDepth = 64;
/** Values of a file once its aliases are followed: enough for honest anchors, too few for an alias bomb. */
const maxValues = 100_000;

export type LimitFault = { readonly message: string; readonly hint: string; readonly offset: number };

/** Where the brackets and blocks of a parsed, not yet composed text go too deep. Without recursion of its own. */
export function tooDeep(tokens: readonly CST.Token[]): LimitFault | undefined {
  const left: [token: CST.Token, depth: number][] = tokens.map((token) => [token, 0]);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [token, depth] = next;
    if (depth > maxDepth) {
      const message = `Lists and blocks are nested deeper than ${maxDepth} levels here.`;
      return { message, hint: 'Close a bracket that was left open, or write it flatter.', offset: token.offset };
    }
    for (const inner of innerTokens(token)) left.push([inner, depth + 1]);
  }
  return undefined;
}

function innerTokens(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])]);
}

/** The alias that names no anchor, that stands inside its own anchor, or that would let the file grow beyond bounds. */
export function aliasFault(document: Document.Parsed): LimitFault | undefined {
  const sizes = new Map<string, number | 'open'>();
  const blocks = new Set<string>();
  let fault: LimitFault | undefined;
  let total = 0;

  const refuse = (node: Node, message: string, hint: string): number => {
    fault ??= { message, hint, offset: node.range?.[0] ?? 0 };
    return 0;
  };

  const isBlock = (source: unknown) => isMap(source) || (isAlias(source) && blocks.has(source.source));

  const measure = (node: unknown): number => {
    if (fault !== undefined) return 0;
    if (isPair(node)) {
      const size = measure(node.key) + measure(node.value);
      const mergesNothing = isMergeKey(node.key) && !sourcesOf(node.value).every(isBlock);
      return mergesNothing && isNode(node.value) ? refuse(node.value, notMerged, mergeBlocks) : size;
    }
    if (isAlias(node)) {
      const size = sizes.get(node.source);
      if (size === undefined) return refuse(node, 'There is no such anchor above this alias.', unknownAnchor);
      if (size === 'open') return refuse(node, 'This alias stands inside its own anchor.', ownAnchor);
      total += size;
      return total > maxValues ? refuse(node, tooMany, 'Write it out, or take some of the aliases away.') : size;
    }
    if (!isCollection(node)) {
      total++;
      if (isAnchored(node)) sizes.set(node.anchor, 1);
      return 1;
    }
    if (node.anchor !== undefined) sizes.set(node.anchor, 'open');
    if (node.anchor !== undefined && isMap(node)) blocks.add(node.anchor);
    let size = 1;
    for (const item of node.items) size += measure(item);
    if (node.anchor !== undefined) sizes.set(node.anchor, size);
    return size;
  };

  measure(document.contents);
  return fault;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

function sourcesOf(value: unknown): readonly unknown[] {
  return isSeq(value) ? value.items : [value];
}

const notMerged = 'Only blocks can be merged by <<.';
const mergeBlocks = 'Name the anchor of a block (<<: *name), or a list of such.';
const unknownAnchor = 'Write the anchor (&name) above it; a text that begins with * needs quotes.';
const ownAnchor = 'Take the alias out: it would hold itself for ever.';
const tooMany = `With its aliases followed, the file holds more than ${maxValues} values.`;

function isAnchored(node: unknown): node is { anchor: string } {
  return typeof node === 'object' && node !== null && 'anchor' in node && typeof node.anchor === 'string';
}

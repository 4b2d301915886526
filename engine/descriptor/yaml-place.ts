import { Composer, type Document, isMap, isPair, isScalar, isSeq, Parser, type Scalar, visit } from 'yaml';
import { tooDeep } from './yaml-limits.ts';

/** A place in YAML text, however unfinished the rest is. `start` and `end` are offsets. */
export type YamlPlace = {
  readonly start: number;
  readonly end: number;
  /** Keys and indexes from the top to the value: of a key, to the value that stands behind it. */
  readonly path: readonly string[];
  readonly on: 'key' | 'value';
  /** All that the file holds, as far as it can be read. */
  readonly root: unknown;
};

/** Where something is to be written: from `start` to `end` stands what is there so far. */
export type YamlGap = YamlPlace & {
  /** Of `on: 'key'`, the path leads to the block that the key is to stand in, and these keys stand there. */
  readonly given: readonly string[];
  /** Inside `{ }` or `[ ]`. */
  readonly isFlow: boolean;
  readonly isQuoted: boolean;
  /** A colon stands behind the key. */
  readonly hasColon: boolean;
};

/** The key or value at an offset; `undefined` where there is none. */
export function yamlPlaceAt(text: string, offset: number): YamlPlace | undefined {
  const read = readLoosely(text);
  if (read === undefined) return undefined;
  let place: YamlPlace | undefined;
  visit(read.document, {
    Scalar(key, node, ancestors) {
      const [start = 0, end = 0] = node.range ?? [];
      if (offset < start || offset > end || start === end) return undefined;
      const on = key === 'key' ? 'key' : 'value';
      place = { start, end, on, path: pathOf(node, ancestors), root: read.root };
      return on === 'key' ? visit.BREAK : undefined;
    },
  });
  return place;
}

/** The data of YAML text, as far as it can be read. */
export function looseYaml(text: string): unknown {
  return readLoosely(text)?.root;
}

const marker = 'sluiceHere';

/** The place where the word at an offset stands or is to stand; a word is put there to see where it comes to lie. */
export function yamlGapAt(text: string, offset: number): YamlGap | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset) === -1 ? text.length : text.indexOf('\n', offset);
  const line = scanLine(text.slice(lineStart, offset), text.slice(offset, lineEnd));
  if (line === undefined) return undefined;
  const { start, end, on, filler, closing } = line;
  const before = text.slice(0, lineStart + start);
  const filled = `${before}${filler}${text.slice(lineStart + end, lineEnd)}${closing}${text.slice(lineEnd)}`;
  const read = readLoosely(filled);
  const found = read && findMarker(read.document);
  if (found === undefined) return undefined;
  const { path, given, isKey } = found;
  const root = read?.root;
  const { isFlow, isQuoted, hasColon } = line;
  const place = { start: lineStart + start, end: lineStart + end, root, given, isFlow, isQuoted, hasColon };
  return { ...place, on: isKey && on === 'key' ? 'key' : 'value', path };
}

function readLoosely(text: string): { readonly document: Document.Parsed; readonly root: unknown } | undefined {
  const tokens = [...new Parser().parse(text)];
  if (tooDeep(tokens) !== undefined) return undefined;
  const composer = new Composer({ merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document] = composer.compose(tokens, true, text.length);
  return document && { document, root: dataOf(document) };
}

/** An alias that leads nowhere, or to too much, leaves no data; the places are known all the same. */
function dataOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch {
    return undefined;
  }
}

type Line = {
  readonly start: number;
  readonly end: number;
  readonly on: 'key' | 'value';
  readonly filler: string;
  /** Brackets that the line leaves open. */
  readonly closing: string;
  readonly isFlow: boolean;
  readonly isQuoted: boolean;
  readonly hasColon: boolean;
};

/** What the line itself tells; `undefined` inside a comment. */
function scanLine(before: string, after: string): Line | undefined {
  const scan = scanBrackets(before);
  if (scan.isComment) return undefined;
  const { quote, brackets, segment } = scan;
  const start = quote?.at ?? before.length - (/[^\s,[\]{}]*$/.exec(before)?.[0].length ?? 0);
  const rest = quote === undefined ? /^[^\s,[\]{}:#]*/ : quote.mark === '"' ? /^[^"]*"?/ : /^[^']*'?/;
  const behind = rest.exec(after)?.[0].length ?? 0;
  const end = before.length + behind;
  const isFlow = brackets.length > 0;
  const isItem = brackets.at(-1) === '[';
  const lead = isFlow ? before.slice(segment, start) : before.slice(0, start).replace(/^\s*(?:- +)*/, '');
  const on = !isItem && lead.trim() === '' ? 'key' : 'value';
  const left = after.slice(behind);
  const hasColon = on === 'key' && /^\s*:/.test(left);
  const needsComma = isFlow && left.trim() !== '' && !/^\s*[,}\]]/.test(left);
  const filler = on === 'key' && !hasColon ? `${marker}: 0${needsComma ? ', ' : ''}` : marker;
  const closing = scanBrackets(before.slice(0, start) + left)
    .brackets.map((each) => pairs[each])
    .reverse();
  return { start, end, on, filler, closing: closing.join(''), isFlow, isQuoted: quote !== undefined, hasColon };
}

const pairs: { readonly [open: string]: string } = { '{': '}', '[': ']' };

type Scan = {
  readonly isComment: boolean;
  readonly quote: { readonly mark: string; readonly at: number } | undefined;
  /** Those open at the end, outermost first. */
  readonly brackets: readonly string[];
  /** Where the key or item begins that the end stands in, inside brackets. */
  readonly segment: number;
};

function scanBrackets(line: string): Scan {
  let quote: Scan['quote'];
  const brackets: string[] = [];
  let segment = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const previous = line[at - 1] ?? ' ';
    if (quote !== undefined) {
      if (char === quote.mark && previous !== '\\') quote = undefined;
    } else if (char === '#' && /\s/.test(previous)) {
      return { isComment: true, quote, brackets, segment };
    } else if ((char === '"' || char === "'") && /[\s[{,:]/.test(previous)) {
      quote = { mark: char, at };
    } else if ((char === '{' || char === '[') && /[\s[{,:]/.test(previous)) {
      brackets.push(char);
      segment = at + 1;
    } else if (char === '}' || char === ']') {
      brackets.pop();
    } else if (char === ',') {
      segment = at + 1;
    }
  }
  return { isComment: false, quote, brackets, segment };
}

function findMarker(document: Document.Parsed) {
  let found: { path: string[]; given: string[]; isKey: boolean } | undefined;
  visit(document, {
    Scalar(key, node, ancestors) {
      if (typeof node.value !== 'string' || !node.value.includes(marker)) return undefined;
      const isKey = key === 'key';
      const path = pathOf(node, ancestors);
      const owner = ancestors.findLast((each) => isMap(each));
      const given = isKey && isMap(owner) ? owner.items.map((item) => keyName(item.key)) : [];
      found = { path: isKey ? path.slice(0, -1) : path, given: given.filter((name) => name !== marker), isKey };
      return visit.BREAK;
    },
  });
  return found;
}

/** The steps to a scalar: `ancestors` are the nodes and pairs around it, the document first. */
function pathOf(node: Scalar, ancestors: readonly unknown[]): string[] {
  const chain = [...ancestors, node];
  return chain.flatMap((each, index) => {
    if (isPair(each)) return [keyName(each.key)];
    const inner = chain[index + 1];
    return isSeq(each) && inner !== undefined ? [String(each.items.indexOf(inner))] : []; // below a sequence stand its items
  });
}

function keyName(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

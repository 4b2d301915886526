import { type Document, isScalar, type LineCounter, visit, type YAMLError } from 'yaml';

export type SyntaxFault = { readonly message: string; readonly hint: string; readonly offset: number };

/**
 * What is wrong with the YAML, in our words: every key that stands twice, and of what does not parse the first, as the
 * rest mostly follows from it. No text quotes a value, which may be a secret.
 */
export function syntaxFaults(document: Document.Parsed, text: string, lines: LineCounter): SyntaxFault[] {
  const all: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const twice = all.filter(({ code }) => code === 'DUPLICATE_KEY');
  const [first] = all.filter(({ code }) => code !== 'DUPLICATE_KEY');
  const spaces = falseSpaces(document, text);
  return [
    ...oldVersion(document),
    ...twice.map(({ pos: [offset] }) => keyTwice(document, offset, lines)),
    ...spaces,
    ...(first === undefined || spaces.length > 0 ? [] : [tabFault(first, text) ?? inOurWords(first)]),
  ];
}

function oldVersion(document: Document.Parsed): SyntaxFault[] {
  const { version } = document.directives.yaml;
  if (version === '1.2') return [];
  const message = `The file asks for YAML ${version}, in which no, off, on and yes are booleans.`;
  return [{ message, hint: 'Take the line %YAML out.', offset: 0 }];
}

function keyTwice(document: Document.Parsed, offset: number, lines: LineCounter): SyntaxFault {
  let name = '';
  let firstAt = offset;
  visit(document, {
    Map(_, { items }) {
      const keys = items.flatMap(({ key }) => (isScalar(key) ? [key] : []));
      const second = keys.find(({ range }) => range?.[0] === offset);
      if (second === undefined) return undefined;
      name = String(second.value);
      firstAt = keys.find(({ value }) => value === second.value)?.range?.[0] ?? offset;
      return visit.BREAK;
    },
  });
  const message = `The key "${name}" stands twice in one block.`;
  return { message, hint: `Keep one of the two; the first is on line ${lines.linePos(firstAt).line}.`, offset };
}

/** Pasted from a web page; the parser takes it for the first letter of a key. */
const falseSpace = /^ *[\u00A0\u2000-\u200B\u202F\u3000]/m;

function falseSpaces(document: Document.Parsed, text: string): SyntaxFault[] {
  if (!falseSpace.test(text)) return [];
  const faults: SyntaxFault[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || typeof key.value !== 'string' || !falseSpace.test(key.value)) return;
      const code = key.value.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      faults.push({
        message: `A sign that only looks like a space stands before this key (U+${code}).`,
        hint: 'Write plain spaces in its place.',
        offset: key.range?.[0] ?? 0,
      });
    },
  });
  return faults;
}

/** Inside brackets the parser takes a tab for wrong indentation, or for something else yet. */
function tabFault({ pos: [offset] }: YAMLError, text: string): SyntaxFault | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const tab = /^ *\t/.exec(text.slice(start, start + 200));
  if (tab === null) return undefined;
  return {
    message: 'A tab stands where YAML wants spaces.',
    hint: 'Indent with spaces, and let your editor write spaces for tabs.',
    offset: start + tab[0].length - 1,
  };
}

function inOurWords({ code, message, pos }: YAMLError): SyntaxFault {
  const [says, hint] = (/^(Flow|Missing closing)/.test(message) ? unclosed : words[code]) ?? [];
  return {
    message: says ?? `${message.replace(/\s+/g, ' ').replace(/\.$/, '')}.`,
    hint: hint ?? 'Mend the YAML here; quotes around a text help where a sign in it means something to YAML.',
    offset: pos[0],
  };
}

const unclosed = ['A quote or bracket that began above is not closed here.', 'Close it.'] as const;

/** What happened, where the parser's own words are not plain, and what to do. */
const words: { readonly [Code in YAMLError['code']]?: readonly [message: string | undefined, hint: string] } = {
  BAD_INDENT: [undefined, 'Give all keys of one block the same number of spaces, and close every bracket.'],
  MISSING_CHAR: [undefined, 'Close every quote and bracket, and write "key: value" with a space after the colon.'],
  BAD_SCALAR_START: [undefined, 'Put the text in quotes.'],
  BAD_DQ_ESCAPE: [
    'A backslash in double quotes begins an escape that YAML does not have.',
    'Write the backslash twice, or use single quotes.',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'A second "key: value" begins in the same line.',
    'Put a text that holds ": " in quotes, and begin an inner block on a line of its own.',
  ],
  TAG_RESOLVE_FAILED: [
    'A YAML tag (!name) means nothing here.',
    'Take it out; a text that begins with ! needs quotes.',
  ],
  BAD_ALIAS: ['A sign & or * stands without a name.', 'Put a text that begins with & or * in quotes.'],
};

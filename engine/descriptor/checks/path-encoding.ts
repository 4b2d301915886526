import type { Issue } from '../../diagnostics/issue.ts';
import { placeholder } from '../placeholders.ts';
import { type Check, issueAt } from './subject.ts';
import { templatesOf, type WrittenText } from './written-texts.ts';

/** Characters of a path that are no part of an address as they stand. Values of placeholders are encoded by the engine. */
export const pathEncoding: Check = (subject) =>
  templatesOf(subject)
    .filter(({ steps }) => steps.at(-1) === 'path')
    .flatMap((text) => [...inPath(text), ...inQuery(text)]);

function inPath({ file, pointer, text }: WrittenText): Issue[] {
  const [path = ''] = text.split('?', 1);
  const literal = path.replaceAll(new RegExp(placeholder, 'g'), '');
  const brace = /[{}]/.exec(literal)?.[0];
  if (brace !== undefined) {
    return [
      issueAt(file.locate, pointer, {
        code: 'descriptor/path-encoding',
        severity: 'error',
        message: `The path holds a "${brace}" that is no part of a placeholder.`,
        hint: 'A placeholder is {name}, of letters, digits and "_". A brace of the address itself is written %7B or %7D.',
      }),
    ];
  }
  if (literal.includes('#')) {
    return [
      issueAt(file.locate, pointer, {
        code: 'descriptor/path-encoding',
        severity: 'error',
        message: 'The path holds a "#", at which an address ends.',
        hint: 'Take out what begins with "#"; a "#" of the path itself is written %23.',
      }),
    ];
  }
  if (/(^|[/\\])\.{1,2}([/\\]|$)/.test(path.replace(/%2e/gi, '.'))) {
    return [
      issueAt(file.locate, pointer, {
        code: 'descriptor/path-encoding',
        severity: 'error',
        message: 'The path holds "." or ".." as a part, so it would lead elsewhere; a run refuses it.',
        hint: 'Write the path it leads to.',
      }),
    ];
  }
  const raw = /[^\w.~!$&'()*+,;=:@/%-]|%(?![0-9A-Fa-f]{2})/u.exec(literal)?.[0];
  if (raw === undefined) return [];
  return [
    issueAt(file.locate, pointer, {
      code: 'descriptor/path-encoding',
      severity: 'warning',
      message: `The path holds ${named(raw)}, which no address holds as it stands.`,
      hint: `Write ${percentEncoded(raw)}, which is what is sent.`,
    }),
  ];
}

/** Values of the query are encoded by the engine, so one that is encoded already would be encoded twice. */
function inQuery({ file, pointer, text }: WrittenText): Issue[] {
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : '';
  const encoded = /%[0-9A-Fa-f]{2}/.exec(query)?.[0];
  if (encoded === undefined) return [];
  return [
    issueAt(file.locate, pointer, {
      code: 'descriptor/path-encoding',
      severity: 'warning',
      message: `The query of the path holds ${encoded}, which is encoded again when it is sent, to %25${encoded.slice(1)}.`,
      hint: `Write the character itself: ${named(decoded(encoded))}.`,
    }),
  ];
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function decoded(encoded: string): string {
  return String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
}

function named(character: string): string {
  return character === ' ' ? 'a space' : /\s/.test(character) ? 'white space' : `"${character}"`;
}

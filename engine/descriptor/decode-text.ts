import { isUtf8 } from 'node:buffer';

/** A fault in the bytes or characters of a file; line and column are counted from 1. */
export type TextFault = {
  readonly message: string;
  readonly hint: string;
  readonly line: number;
  readonly column: number;
};

const lineFeed = 0x0a;
/** Below the space only tab, line feed and carriage return may stand in a text file. */
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/;

/** The text of a file in UTF-8, without its byte order mark; or where it is no such text. */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly fault: TextFault } {
  if (isUtf16(bytes)) {
    const message = 'The file is written in UTF-16.';
    return { fault: { message, hint: 'Save it as UTF-8.', line: 1, column: 1 } };
  }
  if (!isUtf8(bytes)) return { fault: firstOtherBytes(bytes) };
  const text = new TextDecoder().decode(bytes); // takes the mark away
  const control = controlCharacter.exec(text);
  return control === null ? { text } : { fault: invisible(text, control.index) };
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function firstOtherBytes(bytes: Uint8Array): TextFault {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(lineFeed, start);
    const content = bytes.subarray(start, end === -1 ? undefined : end);
    if (!isUtf8(content)) {
      return {
        message: 'The file is no UTF-8: a character here is written in another encoding.',
        hint: 'Save it as UTF-8. If it is no text at all, take it away.',
        line,
        column: lengthOfUtf8(content) + 1,
      };
    }
    start = end + 1;
  }
}

/** Characters before the first byte that is none. */
function lengthOfUtf8(line: Uint8Array): number {
  let end = 0;
  for (let next = 1; next <= line.length; next++) if (isUtf8(line.subarray(end, next))) end = next;
  return new TextDecoder().decode(line.subarray(0, end)).length;
}

function invisible(text: string, offset: number): TextFault {
  const before = text.slice(0, offset).split('\n');
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return {
    message: `A control character stands here (U+${code}), which cannot be seen.`,
    hint: 'Take it out. In double quotes it may be written as an escape, such as "\\u0007".',
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

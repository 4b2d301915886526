/**
 * Text from outside made harmless for a terminal: an escape sequence in a vendor's answer or in a file must not move
 * the cursor or colour our words. Line breaks stay.
 */
export function visible(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(controlCharacters, '\uFFFD');
}

const controlCharacters = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g;

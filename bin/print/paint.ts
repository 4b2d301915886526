import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colour for standard error: none when it is no terminal, or when NO_COLOR is set. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stderr });
}

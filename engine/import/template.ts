import { fillIn } from './imported.ts';
import { lost, type Place } from './place.ts';

/** What one expression of another tool's templates means: our text for it, or nothing if it is not known. */
export type Meaning = (expression: string) => string | undefined;

/**
 * Text of another tool's template with our placeholders in place of its expressions. What is not known is reported, never
 * guessed, and leaves a mark that `validate` points at.
 */
export function translate(text: string, expression: RegExp, meaning: Meaning, place: Place): string {
  const parts = text.split(expression);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return literal(part, place);
      const known = meaning(part.trim());
      if (known !== undefined) return known;
      lost(
        place,
        `The expression ${shown(part)} has no equivalent.`,
        'Put a connection property, a fixed value or a cursor in place of {fillIn} in integration.yaml.',
      );
      return fillIn;
    })
    .join('');
}

/** Braces of the text's own would be read as a placeholder. */
function literal(text: string, place: Place): string {
  const own = /\{([A-Za-z_][\w.-]*)\}/.exec(text);
  if (own === null) return text;
  lost(place, `"${own[0]}" stands in the text itself, where a descriptor would read a placeholder.`);
  return text.replace(/\{([A-Za-z_][\w.-]*)\}/g, fillIn);
}

/** An expression for people, its texts left out: one of them may be a secret. */
export function shown(expression: string): string {
  const masked = expression
    .replace(
      /(?<=(?:config|parameters|response|record|state|stream_\w+)(?:\.get\()?\[?)(['"])([\w-]{1,40})\1/g,
      '\u0001$2\u0001',
    )
    .replace(/(['"`])(?:\\.|(?!\1).)*\1/gs, '"…"')
    .replaceAll('\u0001', "'")
    .replace(/\s+/g, ' ')
    .trim();
  return masked.length > 80 ? `${masked.slice(0, 79)}…` : masked;
}

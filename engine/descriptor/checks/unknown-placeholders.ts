import { didYouMeanHint } from '../../diagnostics/did-you-mean.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import {
  authPlaceholders,
  errorPlaceholders,
  placeholdersIn,
  requestPlaceholders,
  reservedPlaceholders,
} from '../placeholders.ts';
import { type Check, issueAt, type Subject } from './subject.ts';
import { adviceTextsOf, setupTextsOf, templatesOf, type WrittenText } from './written-texts.ts';

/** A placeholder that nothing fills. */
export const unknownPlaceholders: Check = (subject) => {
  const properties = Object.entries(subject.descriptor.connection.properties).flatMap(([name, { format }]) =>
    format === 'base-url' ? [name, `${name}.host`] : [name],
  );
  const everywhere = [...properties, ...reservedPlaceholders];
  return [
    ...templatesOf(subject).flatMap((text) => unknownIn(text, [...everywhere, ...filledAt(text, subject)])),
    ...adviceTextsOf(subject).flatMap((text) => unknownIn(text, [...everywhere, ...errorPlaceholders])),
    ...setupTextsOf(subject).flatMap((text) => unknownIn(text, [...properties, 'consentUrl'])),
  ];
};

/** What the engine fills in at some places only. */
function filledAt({ steps: [root, name] }: WrittenText, { descriptor }: Subject): readonly string[] {
  if (root === 'auth') return authPlaceholders;
  const streams =
    root === 'defaults' ? descriptor.streams : descriptor.streams.filter((stream) => stream.name === name);
  return root === 'streams' || root === 'defaults' ? streams.flatMap(requestPlaceholders) : [];
}

function unknownIn({ file, pointer, text }: WrittenText, known: readonly string[]): Issue[] {
  return placeholdersIn(text)
    .filter((name) => !known.includes(name) && !(name.startsWith('parent.') && known.includes('parent.')))
    .map((name) =>
      issueAt(file.locate, pointer, {
        code: 'descriptor/unknown-placeholder',
        severity: 'error',
        message: `{${name}} is no connection property.`,
        hint: didYouMeanHint(name, known),
      }),
    );
}

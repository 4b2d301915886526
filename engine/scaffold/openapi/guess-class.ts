import type { SourceShape } from '../feed-draft.ts';

/** The class that a list's name speaks for; where it speaks for none, the base event, which takes anything. */
export function guessClass(
  stream: string,
  { properties }: SourceShape,
): { readonly name: string; readonly why: string; readonly unsure: readonly string[] } {
  const words = stream.split('-');
  const [, name = 'base_event'] = rules.find(([pattern]) => words.some((word) => pattern.test(word))) ?? [];
  if (name !== 'base_event') {
    return { name, why: `the name ${stream}`, unsure: [`whether ${name} is the class; it was chosen by the name`] };
  }
  const fields = Object.keys(properties).slice(0, 4).join(', ');
  return {
    name,
    why: 'no class is known by the name',
    unsure: [`which class it is${fields === '' ? '' : ` (fields: ${fields}, …)`}; base_event takes anything`],
  };
}

const rules: readonly [pattern: RegExp, ocsfClass: string][] = [
  [/^(logins?|logons?|signins?|authentications?)$/, 'authentication'],
  [/^(vulnerabilit(y|ies)|cves?)$/, 'vulnerability_finding'],
  [/^(alerts?|detections?|findings?|threats?)$/, 'detection_finding'],
  [/^(users?|people|persons?|members?|accounts?|employees?|identities)$/, 'user_inventory'],
  [/^(devices?|hosts?|endpoints?|computers?|machines?|assets?|agents?)$/, 'inventory_info'],
];

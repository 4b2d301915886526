import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { connectionIssue, environmentVariable } from './connection-issue.ts';
import type { ConnectionProperty, Descriptor } from './descriptor.ts';
import { listItems } from './list-items.ts';
import { fillTemplate } from './placeholders.ts';

/** What is missing from the values of a connection, of the wrong form, or a usual mistake. No issue holds a value that may be secret. */
export function connectionFaults(descriptor: Descriptor, values: { readonly [property: string]: string }): Issue[] {
  return [
    ...formIssues(descriptor.connection.properties, values),
    ...missingIssues(descriptor, values),
    ...usualMistakes(descriptor, values),
  ];
}

function formIssues(
  properties: { readonly [name: string]: ConnectionProperty },
  values: { readonly [property: string]: string },
): Issue[] {
  return Object.entries(properties).flatMap(([name, property]): Issue[] => {
    const value = values[name];
    if (value === undefined) return [];
    const fault = valueFault(property, value);
    return fault === undefined
      ? []
      : [
          {
            ...connectionIssue('connection/wrong-value', `"${name}" (${property.title}) ${fault[0]}`, fault[1]),
            pointer: `/${name}`,
          },
        ];
  });
}

type Fault = readonly [message: string, hint?: string | undefined];

/** Why a property cannot have a value, as the end of a sentence about it. */
export function valueFault(property: ConnectionProperty, value: string): Fault | undefined {
  return (
    whiteSpaceFault(property, value) ??
    typeFault(property, value) ??
    choiceFault(property, value) ??
    formatFault(property, value)
  );
}

function whiteSpaceFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.format === 'pem' || property.format === 'private-key') return undefined; // several lines, as a rule
  if (/[\r\n]/.test(value)) return ['holds a line break, probably from pasting.', 'Copy it again, as one line.'];
  if (value !== value.trim())
    return ['begins or ends with a space, probably from pasting.', 'Copy it again, without the space.'];
  if (property.secret && /\s/.test(value))
    return ['holds a space, probably from pasting.', 'Copy it again, without the space.'];
  return undefined;
}

function typeFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.type === 'integer' && !/^-?\d{1,15}$/.test(value)) return ['must be a whole number.'];
  if (property.type === 'list' && listItems(value).length === 0)
    return ['has no item.', 'Write them with commas between.'];
  if (property.type === 'boolean' && value !== 'true' && value !== 'false') return ['must be true or false.'];
  return undefined;
}

function choiceFault(property: ConnectionProperty, value: string): Fault | undefined {
  const allowed = property.enum ?? (property.choices === undefined ? undefined : Object.keys(property.choices));
  if (allowed === undefined) return undefined;
  const given = property.type === 'list' ? listItems(value) : [value];
  const wrong = given.find((item) => !allowed.includes(item));
  if (wrong === undefined) return undefined;
  const verb = property.type === 'list' ? 'hold' : 'be';
  return [`cannot ${verb} "${wrong}".`, didYouMeanHint(wrong, allowed)];
}

function formatFault(property: ConnectionProperty, value: string): Fault | undefined {
  if (property.format === 'base-url') return baseUrlFault(value);
  if (property.format === 'pem' && !value.includes('-----BEGIN ')) {
    return [
      'is no PEM text.',
      'Give the text itself, or file:PATH of a file with the certificate and its private key.',
    ];
  }
  if (property.format === 'private-key' && !/-----BEGIN [A-Z ]*PRIVATE KEY-----|^\s*\{/.test(value)) {
    return ['is no private key.', 'Give the PEM or JWK itself, or file:PATH of a file that holds it.'];
  }
  if (property.pattern !== undefined && !new RegExp(property.pattern, 'u').test(value))
    return ['is not of the form it must have.', property.help];
  return undefined;
}

/** Credentials travel to such an address: in the clear only if it never leaves the machine. */
function baseUrlFault(value: string): Fault | undefined {
  if (!URL.canParse(value)) return ['is no address.', 'Write it as https://host or https://host:port.'];
  const url = new URL(value);
  const loopback = ['localhost', '[::1]'].includes(url.hostname) || /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    return ['must begin with https:// (http:// is for loopback only).'];
  if (url.username !== '' || url.password !== '') return ['must not hold a user name or password.'];
  if (url.search !== '' || url.hash !== '') return ['must not hold a query or fragment.'];
  return undefined;
}

function missingIssues(descriptor: Descriptor, values: { readonly [property: string]: string }): Issue[] {
  const { required, anyOf, properties } = descriptor.connection;
  const missing = required
    .filter((name) => values[name] === undefined)
    .map((name) =>
      connectionIssue(
        'connection/missing-property',
        `"${name}" (${properties[name]?.title ?? name}) is missing.`,
        howToGive(name, properties[name]),
      ),
    );
  const alternatives = anyOf.map((alternative) => alternative.required);
  if (alternatives.length > 0 && !alternatives.some((names) => names.every((name) => values[name] !== undefined))) {
    const [first = ''] = alternatives[0] ?? [];
    const choice = alternatives.map((names) => names.map((name) => `"${name}"`).join(' with ')).join(' or ');
    missing.push(
      connectionIssue('connection/missing-property', `${choice} is missing.`, howToGive(first, properties[first])),
    );
  }
  return missing;
}

function howToGive(name: string, property: ConnectionProperty | undefined): string {
  const give =
    property?.secret === true
      ? `Set ${environmentVariable(name)}, or --set ${name}=env:NAME or file:PATH.`
      : `--set ${name}=…, or set ${environmentVariable(name)}.`;
  return property?.help === undefined ? give : `${give} ${property.help}`;
}

function usualMistakes(descriptor: Descriptor, values: { readonly [property: string]: string }): Issue[] {
  return descriptor.errors.connection.flatMap((mistake) => {
    const value = values[mistake.property];
    if (value === undefined) return [];
    const fits =
      (mistake.pattern === undefined || new RegExp(mistake.pattern, 'u').test(value)) &&
      (mistake.equals === undefined || values[mistake.equals] === value);
    if (!fits) return [];
    const text = (template: string) => fillTemplate(template, withoutSecrets(descriptor, values)) ?? template;
    return [
      {
        ...connectionIssue('connection/wrong-value', text(mistake.message), text(mistake.hint)),
        pointer: `/${mistake.property}`,
      },
    ];
  });
}

function withoutSecrets(
  descriptor: Descriptor,
  values: { readonly [property: string]: string },
): { [property: string]: string } {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => descriptor.connection.properties[name]?.secret === false),
  );
}

import type { Connection } from '../connection.ts';
import { inWords } from '../connection.ts';
import type { ImportedProperty } from '../imported.ts';
import { askForIt } from '../assemble.ts';
import {
  entriesOf,
  flagOf,
  inside,
  isThere,
  itemsOf,
  lost,
  needless,
  pass,
  type Place,
  secretInClear,
  textOf,
} from '../place.ts';

/** Declares the connection properties of a specification, also those inside other objects. */
export function readSpec(place: Place, connection: Connection): { links: { title: string; url: string }[] } {
  const specification = inside(place, 'connection_specification');
  pass(specification, '$schema', 'title', 'type', 'additionalProperties', 'description', 'required', 'groups');
  declareAll(specification, '', connection);
  const advanced = inside(place, 'advanced_auth');
  if (isThere(advanced)) {
    needless(advanced, 'The consent in a browser is not part of a feed: an operator obtains the refresh token once.');
  }
  const rules = inside(place, 'config_normalization_rules');
  if (isThere(rules)) lost(rules, 'Rules that rewrite the connection have no equivalent.');
  const url = textOf(inside(place, 'documentation_url')) ?? '';
  return { links: url.startsWith('https://') ? [{ title: 'Documentation of the imported connector', url }] : [] };
}

function declareAll(place: Place, prefix: string, connection: Connection): void {
  for (const choice of [...itemsOf(inside(place, 'oneOf')), ...itemsOf(inside(place, 'anyOf'))])
    declareAll(choice, prefix, connection);
  for (const [name, property] of entriesOf(inside(place, 'properties'))) {
    const full = prefix === '' ? name : `${prefix}.${name}`;
    const isNested = isThere(inside(property, 'properties')) || isThere(inside(property, 'oneOf'));
    if (isNested) declareAll(property, full, connection);
    else connection.declare(full, propertyOf(property, name));
    pass(property);
  }
}

function propertyOf(place: Place, name: string): ImportedProperty {
  const secret = flagOf(inside(place, 'airbyte_secret'));
  const type = textOf(inside(place, 'type'));
  const value = inside(place, 'default').value;
  const values = itemsOf(inside(place, 'enum')).map((one) => textOf(one) ?? '');
  if (secret && typeof value === 'string' && value !== '') {
    secretInClear(inside(place, 'default'), `"${name}" is a secret and has a default; it was not copied.`, askForIt);
  }
  const usable = !secret && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return {
    title: textOf(inside(place, 'title')) ?? inWords(name),
    ...(type === 'integer' || type === 'boolean' ? { type } : {}),
    ...(secret && { secret: true }),
    ...(usable && { default: value }),
    ...(values.length > 0 && !secret && { enum: values }),
    help: oneLine(textOf(inside(place, 'description'))) ?? 'FILL IN: where the operator finds it.',
  };
}

function oneLine(text: string | undefined): string | undefined {
  const plain = text
    ?.replace(/<[^>]+>/g, '')
    .replace(/[{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain === '' ? undefined : plain;
}

import { valueFault } from '../connection-faults.ts';
import { escapeKey } from '../../json-pointer.ts';
import { type Check, issueAt } from './subject.ts';
import { compiles } from './written-patterns.ts';

/** Values the descriptor itself gives to connection properties, held to what a property's own value must be. */
export const propertyValues: Check = ({ descriptor, integrationFile }) => {
  const { properties } = descriptor.connection;
  const written = Object.entries(properties).flatMap(([name, property]): [string, string, string][] => {
    const at = `/connection/properties/${name}`;
    const { default: value, choices = {} } = property;
    return [
      ...(value === undefined || value === null || typeof value === 'object'
        ? []
        : [[name, String(value), `${at}/default`] as [string, string, string]]),
      ...Object.entries(choices).flatMap(([choice, { sets }]) =>
        Object.entries(sets).map(([key, set]): [string, string, string] => [
          key,
          set,
          `${at}/choices/${escapeKey(choice)}/sets/${key}`,
        ]),
      ),
    ];
  });
  return written.flatMap(([name, value, pointer]) => {
    const property = properties[name];
    // A secret has no value here at all, and none may be told.
    if (property === undefined || property.secret || !compiles(property.pattern ?? '')) return [];
    const fault = valueFault(property, value);
    if (fault === undefined) return [];
    const [says, hint] = fault;
    return [
      issueAt(integrationFile.locate, pointer, {
        code: 'descriptor/wrong-value',
        severity: 'error',
        message: `The value for "${name}" ${says}`,
        hint: hint ?? `Write one that the property "${name}" allows.`,
      }),
    ];
  });
};

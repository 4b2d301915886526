import { didYouMeanHint } from '../../diagnostics/did-you-mean.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import type { ConnectionProperty, Descriptor, Stream } from '../descriptor.ts';
import { childPointer, escapeKey } from '../../json-pointer.ts';
import { inDescriptor, issueAt, type Check, type Subject } from './subject.ts';

/** Connection properties that the connection itself names. */
export const connectionReferences: Check = (subject) => {
  const { required, anyOf, properties } = subject.descriptor.connection;
  const reference = (name: string, pointer: string) => propertyNamed(name, pointer, subject);
  return [
    ...required.flatMap((name, index) => reference(name, `/connection/required/${index}`)),
    ...anyOf.flatMap((alternative, index) =>
      alternative.required.flatMap((name, inner) => reference(name, `/connection/anyOf/${index}/required/${inner}`)),
    ),
    ...Object.entries(properties).flatMap(([name, { choices }]) =>
      Object.entries(choices ?? {}).flatMap(([choice, { sets }]) =>
        Object.keys(sets).flatMap((key) =>
          reference(key, `/connection/properties/${name}/choices/${escapeKey(choice)}/sets/${key}`),
        ),
      ),
    ),
  ];
};

export const rateLimitReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name, rateLimit }) =>
    rateLimit === undefined
      ? []
      : unknownName(
          rateLimit,
          Object.keys(subject.descriptor.rateLimits),
          'rate limit',
          `/streams/${name}/rateLimit`,
          subject,
        ),
  );

export const permissionReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name: stream, permissions }) =>
    permissions.flatMap((name, index) =>
      unknownName(
        name,
        Object.keys(subject.descriptor.permissions),
        'permission',
        `/streams/${stream}/permissions/${index}`,
        subject,
      ),
    ),
  );

/** Connection properties, and values of theirs, on which it depends whether a stream is read. */
export const conditionReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name: stream, availableWhen }) =>
    Object.entries(availableWhen).flatMap(([name, values]) => {
      const at = `/streams/${stream}/availableWhen/${escapeKey(name)}`;
      return [
        ...propertyNamed(name, at, subject),
        ...values.flatMap((value, index) => valueOf(name, value, `${at}/${index}`, subject)),
      ];
    }),
  );

export const parentReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name, parent }) =>
    parent === undefined ? [] : parentOf(name, parent.stream, subject),
  );

export const successorReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name, deprecation }) =>
    deprecation?.successor === undefined ? [] : successorOf(name, deprecation.successor, subject),
  );

/** The stream that one is derived from, and the connection properties and values that rows are chosen by. */
export const deriveReferences: Check = (subject) =>
  subject.descriptor.streams.flatMap((stream) => derivedFrom(stream, subject));

/** Connection properties that the error catalogue names. */
export const usualMistakes: Check = ({ descriptor, errorsFile }) => {
  if (errorsFile === undefined) return [];
  const properties = Object.keys(descriptor.connection.properties);
  return descriptor.errors.connection.flatMap(({ property, equals }, index) =>
    Object.entries({ property, equals }).flatMap(([key, name]) =>
      name === undefined || properties.includes(name)
        ? []
        : [
            issueAt(
              errorsFile.locate,
              `/connection/${index}/${key}`,
              pointsAtNothing('connection property', name, properties),
            ),
          ],
    ),
  );
};

/** A parent must have a list to read, so it is no child itself. */
function parentOf(name: string, parent: string, subject: Subject): Issue[] {
  const possible = subject.descriptor.streams.filter(
    (stream) => stream.name !== name && stream.request !== undefined && stream.parent === undefined,
  );
  return unknownName(
    parent,
    possible.map((stream) => stream.name),
    'stream with a list of its own',
    `/streams/${name}/parent/stream`,
    subject,
  );
}

function successorOf(name: string, successor: string, subject: Subject): Issue[] {
  const pointer = `/streams/${name}/deprecation/successor`;
  if (successor !== name) {
    const others = streamNames(subject.descriptor).filter((other) => other !== name);
    return unknownName(successor, others, 'stream', pointer, subject);
  }
  return [
    inDescriptor(subject, pointer, {
      code: 'descriptor/unknown-reference',
      severity: 'error',
      message: `"${name}" names itself as its successor.`,
      hint: 'Name the stream to read instead, or leave successor out.',
    }),
  ];
}

function derivedFrom({ name, derive }: Stream, subject: Subject): Issue[] {
  if (derive === undefined) return [];
  const at = `/streams/${name}/derive`;
  const { from, where, window } = derive;
  return [
    ...unknownName(from, streamNames(subject.descriptor), 'stream', `${at}/from`, subject),
    ...Object.entries(where).flatMap(([property, choices]) => [
      ...propertyNamed(property, childPointer(`${at}/where`, property), subject),
      ...Object.keys(choices).flatMap((choice) =>
        keyedValue(property, choice, childPointer(`${at}/where`, property), subject),
      ),
    ]),
    ...(window === undefined
      ? []
      : [
          ...propertyNamed(window.property, `${at}/window/property`, subject),
          ...Object.keys(window.days).flatMap((choice) =>
            keyedValue(window.property, choice, `${at}/window/days`, subject),
          ),
        ]),
  ];
}

function propertyNamed(name: string, pointer: string, subject: Subject): Issue[] {
  return unknownName(
    name,
    Object.keys(subject.descriptor.connection.properties),
    'connection property',
    pointer,
    subject,
  );
}

/** A value that no operator can give, where a property lists what it may be. */
function valueOf(name: string, value: string, pointer: string, subject: Subject): Issue[] {
  return notAValue(name, value, subject).map((found) => inDescriptor(subject, pointer, found));
}

function keyedValue(name: string, value: string, pointer: string, subject: Subject): Issue[] {
  return notAValue(name, value, subject).map((found) => issueAt(subject.integrationFile.locate, pointer, found, value));
}

function notAValue(name: string, value: string, { descriptor }: Subject) {
  const allowed = valuesOf(descriptor.connection.properties[name]);
  return allowed === undefined || allowed.includes(value)
    ? []
    : [{ ...pointsAtNothing('value', value, allowed), message: `"${name}" has no value "${value}".` }];
}

function valuesOf(property: ConnectionProperty | undefined): readonly string[] | undefined {
  if (property?.type === 'boolean') return ['true', 'false'];
  return property?.enum ?? (property?.choices === undefined ? undefined : Object.keys(property.choices));
}

function unknownName(name: string, known: readonly string[], what: string, pointer: string, subject: Subject): Issue[] {
  return known.includes(name) ? [] : [inDescriptor(subject, pointer, pointsAtNothing(what, name, known))];
}

function pointsAtNothing(what: string, name: string, known: readonly string[]) {
  return {
    code: 'descriptor/unknown-reference',
    severity: 'error',
    message: `There is no ${what} "${name}".`,
    hint: didYouMeanHint(name, known),
  } as const;
}

function streamNames({ streams }: Descriptor): string[] {
  return streams.map(({ name }) => name);
}

import type { Issue } from '../../diagnostics/issue.ts';
import type { Stream } from '../descriptor.ts';
import { type Check, inDescriptor, type Subject } from './subject.ts';

/** What a stream needs from itself or from `defaults`, so that the schema cannot ask for it. */
export const completeness: Check = (subject) => subject.descriptor.streams.flatMap((stream) => lacks(stream, subject));

function lacks({ name, ocsf, request, derive, dispatch }: Stream, subject: Subject): Issue[] {
  const missing = (key: string, message: string): Issue =>
    inDescriptor(subject, `/streams/${name}`, {
      code: 'descriptor/missing-key',
      severity: 'error',
      message,
      hint: `Add the key "${key}".`,
    });
  return [
    ...(ocsf.class === '' ? [missing('class', `The stream "${name}" names no OCSF class.`)] : []),
    ...(dispatch?.table.length === 0 ? [noTable(name, subject)] : []),
    ...(request === undefined && derive === undefined
      ? [missing('path', `The stream "${name}" has neither a path nor a derivation.`)]
      : []),
  ];
}

function noTable(name: string, subject: Subject): Issue {
  return inDescriptor(subject, `/streams/${name}/dispatch`, {
    code: 'descriptor/unknown-reference',
    severity: 'error',
    message: `The dispatch table of "${name}" is missing: dispatch/${name}.yaml.`,
    hint: 'Write it: under the name of each OCSF class the words that become it.',
  });
}

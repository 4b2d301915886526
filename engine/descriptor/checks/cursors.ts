import type { Issue } from '../../diagnostics/issue.ts';
import type { Stream } from '../descriptor.ts';
import { type Check, inDescriptor, type Subject } from './subject.ts';

/** A cursor that is a link needs a list that is walked by links; one that is a time must be told to the source. */
export const cursors: Check = (subject) => subject.descriptor.streams.flatMap((stream) => useless(stream, subject));

function useless({ name, cursor, pagination, request }: Stream, subject: Subject): Issue[] {
  if (cursor === undefined || request === undefined) return [];
  const wrong = (message: string, hint: string): Issue[] => [
    inDescriptor(subject, `/streams/${name}/cursor/kind`, {
      code: 'descriptor/wrong-value',
      severity: 'error',
      message,
      hint,
    }),
  ];
  const byLinks = pagination.kind === 'next-link' || pagination.kind === 'link-header';
  if (cursor.kind === 'next-link' && !byLinks) {
    const message = `The cursor of "${name}" is a next link, but its pages are not walked by links.`;
    return wrong(message, 'Give the stream a pagination of kind next-link or link-header.');
  }
  if (cursor.kind === 'time' && !/\{from\./.test(JSON.stringify([request, cursor.query]))) {
    const message = `Nothing in the request of "${name}" tells the source from when on to answer.`;
    return wrong(message, 'Put {from.iso}, {from.s} or {from.ms} under "query" of the cursor.');
  }
  return [];
}

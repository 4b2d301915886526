import type { Issue } from '../diagnostics/issue.ts';
import type { Stream } from './descriptor.ts';
import type { YamlFile } from './yaml-file.ts';

/** A cursor that is a link needs a list that is walked by links; one that is a time must be told to the source. */
export function cursorChecks(stream: Stream, file: YamlFile): Issue[] {
  const { name, cursor, pagination, request } = stream;
  if (cursor === undefined || request === undefined) return [];
  const wrong = (key: string, message: string, hint: string): Issue[] => {
    const pointer = `/streams/${name}/cursor/${key}`;
    return [{ code: 'descriptor/wrong-value', severity: 'error', message, hint, at: file.locate(pointer), pointer }];
  };
  const byLinks = pagination.kind === 'next-link' || pagination.kind === 'link-header';
  if (cursor.kind === 'next-link' && !byLinks) {
    const message = `The cursor of "${name}" is a next link, but its pages are not walked by links.`;
    return wrong('kind', message, 'Give the stream a pagination of kind next-link or link-header.');
  }
  if (cursor.kind === 'time' && !/\{from\./.test(JSON.stringify([request, cursor.query]))) {
    const message = `Nothing in the request of "${name}" tells the source from when on to answer.`;
    return wrong('kind', message, 'Put {from.iso}, {from.s} or {from.ms} under "query" of the cursor.');
  }
  return [];
}

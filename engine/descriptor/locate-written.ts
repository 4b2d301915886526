import type { Position } from '../diagnostics/issue.ts';
import type { YamlFile } from './yaml-file.ts';

/** Where a descriptor says something, for checks that run after it was read; as `YamlFile.locate`. */
export type Locate = (pointer: string, key?: string) => Position;

/** What a stream does not say itself is found where it was written: under `defaults`. */
export function locateWritten(file: YamlFile): Locate {
  return (pointer, key) => file.locate(writtenAt(file.value, pointer), key);
}

function writtenAt(descriptor: unknown, pointer: string): string {
  const [, root, stream, name, ...rest] = pointer.split('/');
  if (root !== 'streams' || stream === undefined || name === undefined) return pointer;
  const own = inside(inside(inside(descriptor, 'streams'), stream), name);
  const inherited = inside(inside(descriptor, 'defaults'), name);
  return own === undefined && inherited !== undefined ? ['', 'defaults', name, ...rest].join('/') : pointer;
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

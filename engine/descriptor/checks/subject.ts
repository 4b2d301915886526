import type { Issue } from '../../diagnostics/issue.ts';
import type { Descriptor } from '../descriptor.ts';
import type { Locate } from '../locate-written.ts';
import type { YamlFile } from '../yaml-file.ts';
import { childPointer } from '../../json-pointer.ts';

/** What a check looks at: what fits its schema of a descriptor and of the files it was read from. */
export type Subject = {
  readonly descriptor: Descriptor;
  readonly folderName: string;
  readonly integrationFile: YamlFile;
  /** Finds places of `integration.yaml`, what a stream inherits under `defaults`. */
  readonly locate: Locate;
  /** `errors.yaml`, where there is one. */
  readonly errorsFile: YamlFile | undefined;
  /** `setup.yaml`, where there is one. */
  readonly setupFile: YamlFile | undefined;
};

/** One idea of what may be wrong with a descriptor. Gives nothing for a sound one. */
export type Check = (subject: Subject) => Issue[];

type Found = Omit<Issue, 'at' | 'pointer'>;

/** An issue at a place of `integration.yaml`; what a stream inherits is shown under `defaults`. */
export function inDescriptor({ locate }: Subject, pointer: string, found: Found): Issue {
  return issueAt(locate, pointer, found);
}

/** An issue at the place a locator knows; `key` marks the key in place of its value. */
export function issueAt(locate: Locate, pointer: string, found: Found, key?: string): Issue {
  return { ...found, at: locate(pointer, key), pointer: key === undefined ? pointer : childPointer(pointer, key) };
}

/** A value that several streams share by an anchor, or inherit, is told once. */
export function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const told = new Set<string>();
  return issues.filter(({ code, message, at, pointer }) => {
    const key = JSON.stringify([code, message, at?.file, at === undefined ? pointer : [at.line, at.column]]);
    return !told.has(key) && told.add(key);
  });
}

import type { Descriptor, ErrorReading } from '../descriptor/descriptor.ts';
import type { YamlFile } from '../descriptor/yaml-file.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { allAtPointer } from '../json-pointer.ts';
import type { JsonValue } from '../records.ts';

/**
 * Pointers of `errors.yaml` that find nothing in the error answers of the feed's own stand-in vendor: one of the two
 * has the vendor wrong. Nothing where there is no stand-in, or it tells no error body.
 */
export function checkErrorPointers(
  { errors }: Descriptor,
  file: YamlFile | undefined,
  sandbox: YamlFile | undefined,
): Issue[] {
  if (file === undefined || sandbox === undefined) return [];
  return [
    ...unborne(errors.token, 'token', valueAt(sandbox.value, ['token', 'errorBody']), file),
    ...unborne(errors.source, 'source', valueAt(sandbox.value, ['errors', 'body']), file),
  ];
}

function unborne(reading: ErrorReading, section: string, body: JsonValue | undefined, file: YamlFile): Issue[] {
  if (typeof body !== 'object') return [];
  const lists = { code: reading.codePointers, message: reading.messagePointers, requestId: reading.requestIdPointers };
  return Object.entries(lists)
    .filter(([, pointers]) => pointers.length > 0)
    .filter(([, pointers]) => pointers.every((pointer) => allAtPointer(body, pointer).length === 0))
    .map(([key]) => {
      const pointer = `/${section}/${key}`;
      return {
        code: 'descriptor/pointer-finds-nothing',
        severity: 'warning',
        message: `None of these pointers finds anything in the error answers of the sandbox (${section === 'token' ? 'token.errorBody' : 'errors.body'}).`,
        hint: 'Correct the pointers, or the sandbox, by an error as the vendor sends it.',
        at: file.locate(pointer),
        pointer,
      };
    });
}

function valueAt(value: unknown, keys: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of keys) {
    found =
      typeof found === 'object' && found !== null ? Object.getOwnPropertyDescriptor(found, key)?.value : undefined;
  }
  return found as JsonValue | undefined; // what YAML gives is JSON here
}

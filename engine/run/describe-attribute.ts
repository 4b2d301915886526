import { type AttributeDescription, describeAttribute as describe } from '../ocsf/describe-attribute.ts';
import type { PreviewedRecord } from './requests.ts';
import type { Places } from './run-request.ts';

export type { AttributeDescription };

/** What the release of a previewed record says of the attribute at a JSON Pointer; `undefined` if its class has none there. */
export function describeAttribute(
  { schemasDir }: Pick<Places, 'schemasDir'>,
  { ocsf }: Pick<PreviewedRecord, 'ocsf'>,
  pointer: string,
): Promise<AttributeDescription | undefined> {
  return describe(schemasDir, ocsf, pointer);
}

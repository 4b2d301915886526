import type { Descriptor } from '../descriptor/descriptor.ts';
import { decodeAnswer } from '../fetch/decode-answer.ts';
import { splitRows } from '../fetch/split-rows.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { streamNamed } from './integrations.ts';

/** The rows of an answer once more, as `fetch` read them when it found nothing wrong with it. */
export function answerRows(answer: HttpAnswer, stream: string, descriptor: Descriptor): readonly JsonValue[] {
  const { records, decode } = streamNamed(descriptor, stream);
  return splitRows(records, decodeAnswer(answer, stream, decode, descriptor.request.maxPageBytes));
}

import type { Locate } from '../../descriptor/locate-written.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import { answerRecords } from '../answer-records.ts';
import { listsIn } from './places-in-answer.ts';
import type { SavedAnswers } from './saved-answers.ts';

/** `records` that finds no rows in any saved answer: it cannot be right, and no case can pass. */
export function recordsPointer({ stream, answers, unsplit }: SavedAnswers, locate: Locate): Issue[] {
  const [why] = unsplit;
  if (why === undefined || unsplit.length < answers.length) return [];
  const lists = [...new Set(answers.flatMap(listsIn))].map((pointer) =>
    pointer === '' ? 'at the top' : `at ${pointer}`,
  );
  const { kind } = answerRecords(stream);
  const pointer = `/streams/${stream.name}/records/${kind === 'rows' ? 'pointer' : kind === 'explode' ? 'items' : 'kind'}`;
  return [
    {
      code: 'descriptor/pointer-finds-nothing',
      severity: 'error',
      message: `No saved answer of "${stream.name}" has its records where the descriptor says. ${why}`,
      hint:
        lists.length === 0
          ? 'If the whole answer is one record, say "records: { kind: body }".'
          : `There is a list ${lists.slice(0, 3).join(' and ')}.`,
      at: locate(pointer),
      pointer,
    },
  ];
}

import type { Descriptor } from '../../descriptor/descriptor.ts';
import type { Locate } from '../../descriptor/locate-written.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import type { FeedFiles } from '../feed-files.ts';
import { pagePointers, pagesNotRead } from './page-pointers.ts';
import { recordsPointer } from './records-pointer.ts';
import { rowFields } from './row-fields.ts';
import { readSavedAnswers } from './saved-answers.ts';

/** What the golden cases of a feed say against its descriptor. Cases are answers as the vendor sent them; without any, nothing. */
export async function checkCases(descriptor: Descriptor, files: FeedFiles, locate: Locate): Promise<Issue[]> {
  const { saved, issues } = await readSavedAnswers(descriptor, files);
  return [
    ...issues,
    ...saved.flatMap((one) => [
      ...recordsPointer(one, locate),
      ...pagePointers(one, locate),
      ...pagesNotRead(one, locate),
    ]),
    ...rowFields(saved, locate),
  ];
}

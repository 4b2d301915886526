import type { Locate } from '../../descriptor/locate-written.ts';
import type { CheckName, KnownTo } from '../../descriptor/salvage.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import type { FeedFiles } from '../feed-files.ts';
import { pagePointers, pagesNotRead } from './page-pointers.ts';
import { recordsPointer } from './records-pointer.ts';
import { rowFields } from './row-fields.ts';
import { readSavedAnswers } from './saved-answers.ts';

/** What the golden cases of a feed say against its descriptor. Cases are answers as the vendor sent them; without any, nothing. */
export async function checkCases(knownTo: KnownTo, files: FeedFiles, locate: Locate): Promise<Issue[]> {
  const { saved, issues } = await readSavedAnswers(knownTo('savedAnswers')?.streams ?? [], files);
  const of = (check: CheckName) => {
    const names = knownTo(check)?.streams.map(({ name }) => name) ?? [];
    return saved.filter(({ stream }) => names.includes(stream.name));
  };
  return [
    ...issues,
    ...of('recordsInCases').flatMap((one) => recordsPointer(one, locate)),
    ...of('pagesInCases').flatMap((one) => [...pagePointers(one, locate), ...pagesNotRead(one, locate)]),
    ...rowFields(of('fieldsInCases'), locate),
  ];
}

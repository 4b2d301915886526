import {
  type AttributeDescription,
  type AttributeOrigin,
  type LeftOut,
  type PreviewedRecord,
  shortPath,
  type SourceRead,
} from '../../engine/index.ts';
import { codeFrame, describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { list } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

export type Why = {
  readonly previewed: PreviewedRecord;
  readonly pointer: string;
  /** What the release says of the attribute; absent if its class has none there. */
  readonly described: AttributeDescription | undefined;
};

/** One attribute explained in sentences: what it is, where it comes from, and what OCSF says of it. */
export function describeWhy({ previewed, pointer, described }: Why): string {
  const { attributes, leftOut, issues } = previewed;
  const found = attributes.filter((attribute) => isAt(attribute.pointer, pointer));
  const missing = leftOut.filter(
    (one) => isAt(one.pointer, pointer) && !found.some((each) => each.pointer === one.pointer),
  );
  const wrong = issues.filter((issue) => issue.pointer !== undefined && isAt(issue.pointer, pointer));
  const told = [...found.map(ofAttribute), ...missing.map(ofMissing)];
  return [
    ...(told.length > 0 ? told : [nothingThere(pointer)]),
    ...wrong.map(describeIssue),
    sentence(ofRow(previewed)),
    sentence(ofRelease(previewed, described, pointer)),
  ].join('\n\n');
}

function isAt(pointer: string, asked: string): boolean {
  return pointer === asked || pointer.startsWith(`${asked}/`);
}

function ofAttribute(origin: AttributeOrigin): string {
  const head = `${paint('bold', visible(origin.pointer))}  ${visible(JSON.stringify(origin.value))}`;
  if (origin.from === 'engine') {
    const instead =
      origin.at === undefined ? '' : ` The mapping gives it, too, in line ${origin.at.line}; that was replaced.`;
    return [head, sentence(`The engine completed it: ${origin.rule ?? ''}.${instead}`)].join('\n');
  }
  const from = origin.movedFrom === undefined ? '' : ` It was moved from ${origin.movedFrom}.`;
  const moved =
    origin.from === 'retargeting' ? [sentence(`The change of release made it so: ${origin.rule ?? ''}.${from}`)] : [];
  return [head, ...moved, ...ofMapping(origin, 'The mapping gives it in')].join('\n');
}

function ofMissing(missing: LeftOut): string {
  const head = `${paint('bold', visible(missing.pointer))}  (not in the record)`;
  return [
    head,
    sentence(`The mapping gives ${missing.why} here, so that it is left out.`),
    ...ofMapping(missing, 'Its place in the mapping is'),
  ].join('\n');
}

function ofMapping(origin: AttributeOrigin | LeftOut, words: string): string[] {
  const { at, sources = [], through = [] } = origin;
  if (at === undefined) return [];
  const place = `${words} ${shortPath(at.file)}:${at.line}:${at.column}.`;
  const ways = through.flatMap(({ name, at: set }) => [
    sentence(
      `It goes through $${name}, set in line ${set.line}${set.file === at.file ? '' : ` of ${shortPath(set.file)}`}.`,
    ),
    ...framed(codeFrame(set)),
  ]);
  return [sentence(place), ...framed(codeFrame(at)), ...ways, ...ofSources(sources, 'from' in origin).map(sentence)];
}

function ofSources(sources: readonly SourceRead[], isThere: boolean): string[] {
  const there = sources.filter((source) => 'value' in source);
  const gives = there.filter(({ role }) => role === 'gives');
  const decides = there.filter(({ role }) => role === 'decides');
  const absent = sources.filter((source) => !('value' in source));
  const told = [
    ...(gives.length > 0 ? [`It comes from ${list(gives.map(withValue))}.`] : []),
    ...(decides.length > 0 ? [`Which value it takes was decided by ${list(decides.map(withValue))}.`] : []),
    ...(absent.length > 0
      ? [
          `The row has no ${list(
            absent.map(({ path }) => path),
            'or',
          )}.`,
        ]
      : []),
  ];
  if (gives.length > 0) return told;
  return isThere ? ['No part of the row is in it: the mapping writes the value itself.', ...told] : told;
}

const mostLetters = 60;

function withValue({ path, value }: SourceRead): string {
  const text = JSON.stringify(value);
  return `${path} = ${text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text}`;
}

function nothingThere(pointer: string): string {
  return `${paint('bold', visible(pointer))}  (not in the record)\n${sentence('Neither the mapping nor the engine gives it.')}`;
}

function ofRow({ page, row, requestId }: PreviewedRecord): string {
  const request = requestId === undefined ? '' : `; the vendor's id of the request is ${requestId}`;
  return `The row is number ${row} of page ${page}${request}.`;
}

function ofRelease({ ocsf }: PreviewedRecord, described: AttributeDescription | undefined, pointer: string): string {
  const release = `OCSF ${ocsf.version}`;
  if (pointer.startsWith('/unmapped/')) return `${release} leaves it to the source what stands in unmapped.`;
  if (described === undefined) return `${release} has no such attribute in ${ocsf.class}.`;
  const { path, caption, type, requirement, profiles, enum: values, sibling, deprecated } = described;
  const sentences = [
    `${release} calls ${path} "${caption}": ${type}, ${requirement}.`,
    ...(profiles === undefined ? [] : [`It belongs to the profile ${list(profiles, 'or')}.`]),
    ...(deprecated === undefined ? [] : [`Deprecated since ${deprecated}.`]),
    ...(values === undefined
      ? []
      : [
          `It may be ${list(
            Object.entries(values).map((one) => one.join(' ')),
            'or',
          )}.`,
        ]),
    ...(sibling === undefined ? [] : [`Its caption stands in ${sibling}.`]),
  ];
  return sentences.join(' ');
}

function sentence(text: string): string {
  return wrap(visible(text), terminalWidth(), '  ');
}

function framed(frame: string | undefined): string[] {
  return frame === undefined ? [] : [frame];
}

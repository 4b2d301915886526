import type { StreamDraft } from './feed-draft.ts';
import { type Code, type LaidOutLine, layOutRecord } from './lay-out-record.ts';
import type { LaidOutAttribute, LaidOutClass } from './laid-out-class.ts';
import { type Match, matchFields } from './match-fields.ts';

/** The mapping of a stream: every required and recommended attribute of its class, to fill in. */
export function writeMapping({ name, ocsfClass, source }: StreamDraft): string {
  const matches = matchFields(source, ocsfClass);
  const lines = layOutRecord(ocsfClass, source, matches);
  const given = lines.filter(({ standing }) => standing === 'given').map((line) => attributeText(line, ocsfClass));
  const offered = lines.filter(({ standing }) => standing === 'offered').map((line) => attributeText(line, ocsfClass));
  return `${comment(
    `One row of ${name}, which is $, as OCSF ${ocsfClass.shape.name} ${ocsfClass.version}. \
The engine fills in class, category, type, metadata and the caption of every id.`,
    0,
  )}
(
${mappedText(matches)}
${timeText(matches)}  {
    ${section('Required')}

${given.join('\n')}
${offered.length === 0 ? '' : `\n    ${section('Recommended: take a line out of its comment where the source tells it')}\n\n${offered.join('\n')}\n`}
    ${section('What has no home keeps its own name, so that nothing vanishes')}

    "unmapped": $sift($, function($value, $field) { $not($field in $mapped) })
  }
)
`;
}

function section(title: string): string {
  return `/* ---- ${title}. ---- */`;
}

function mappedText(matches: readonly Match[]): string {
  const names = matches.map(({ field }) => JSON.stringify(field)).join(', ');
  return `  /* The fields that have a home below; add each one that you map. */\n  $mapped := [${names}];`;
}

/** Text that is no time goes on as it is, to be rejected with its reason; `$toMillis` would drop it without a word. */
function timeText(matches: readonly Match[]): string {
  if (!matches.some(({ isTime }) => isTime)) return '';
  return `  /* Text that is no time goes on as it is, to be rejected with its reason. */
  $isTime := /^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$/;
  $toTime := function($text) {
    $type($text) = "string" and $contains($text, $isTime) ? $toMillis($text) : ($text != null and $text != "" ? $text)
  };
`;
}

function attributeText({ name, attribute, standing, code }: LaidOutLine, ocsfClass: LaidOutClass): string {
  const about = comment(describe(attribute, ocsfClass), 4);
  const inline = `${JSON.stringify(name)}: ${inlineCode(code)},`;
  if (standing === 'offered') return `${about}\n    /* ${inline} */`;
  const isShort = inline.length <= 100 || typeof code === 'string';
  return `${about}\n    ${isShort ? inline : `${JSON.stringify(name)}: ${blockCode(code, 4)},`}`;
}

/** Name for people, type, and the ids there are; of an object its attributes. */
function describe(attribute: LaidOutAttribute, { objects }: LaidOutClass): string {
  const { caption, type, object_type: objectType, is_array: isArray } = attribute;
  const kind = `${isArray === true ? 'list of ' : ''}${objectType ?? type}`;
  if (attribute.enum !== undefined) {
    return `${caption} (${kind}): ${fewOf(Object.entries(attribute.enum).map(([id, word]) => (id === word ? id : `${id} ${word}`)))}.`;
  }
  const shape = objectType === undefined ? undefined : objects[objectType];
  if (shape === undefined) return `${caption} (${kind}).`;
  const named = Object.entries(shape.attributes).filter(([, { profiles }]) => profiles === undefined);
  const ofRank = (rank: LaidOutAttribute['requirement']) =>
    named.filter(([, one]) => one.requirement === rank).map(([name]) => name);
  const [required, recommended] = [ofRank('required'), ofRank('recommended')];
  const { at_least_one: atLeastOne = [] } = shape.constraints ?? {};
  return [
    `${caption} (${kind})`,
    ...(required.length === 0 ? [] : [`: needs ${required.join(', ')}`]),
    ...(atLeastOne.length === 0 ? [] : [`; at least one of ${fewOf(atLeastOne)}`]),
    ...(recommended.length === 0 ? [] : [`; recommended ${fewOf(recommended)}`]),
    '.',
  ].join('');
}

const mostListed = 30;

function fewOf(words: readonly string[]): string {
  const more = words.length - mostListed;
  return words.slice(0, mostListed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function inlineCode(code: Code): string {
  if (typeof code === 'string') return code;
  if (isList(code)) return `[${code.map(inlineCode).join(', ')}]`;
  const fields = Object.entries(code).map(([key, value]) => `${JSON.stringify(key)}: ${inlineCode(value)}`);
  return `{ ${fields.join(', ')} }`;
}

function blockCode(code: Code, indent: number): string {
  if (typeof code === 'string') return code;
  if (isList(code)) return `[${code.map((one) => blockCode(one, indent)).join(', ')}]`;
  const pad = ' '.repeat(indent + 2);
  const fields = Object.entries(code).map(([key, value]) => {
    const inline = inlineCode(value);
    return `${pad}${JSON.stringify(key)}: ${inline.length + indent <= 100 ? inline : blockCode(value, indent + 2)}`;
  });
  return `{\n${fields.join(',\n')}\n${' '.repeat(indent)}}`;
}

function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

const width = 120;

/** Words in a comment of JSONata, broken at the width of a page; a mark that would end the comment is taken out. */
export function comment(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const lines = [''];
  for (const word of text.replaceAll('*/', '* /').split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && pad.length + last.length + word.length + 7 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return `${pad}/* ${lines.join(`\n${pad}   `)} */`;
}

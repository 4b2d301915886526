import { basename } from 'node:path';
import type { RecordKey } from '../mapping/check/mapping-places.ts';
import { signatures } from '../mapping/check/signatures.ts';
import type { SourceField } from '../mapping/check/source-schema.ts';
import type { TargetAttribute } from '../mapping/check/target-class.ts';
import type { Places } from '../run/run-request.ts';
import { type Completion, type Completions, type Hover, noCompletions } from './answers.ts';
import { bindingWords, functionWords } from './jsonata-functions.ts';
import type { MappingContext } from './mapping-context.ts';
import { type MappingGap, mappingGapAt } from './mapping-gap.ts';
import { type Token, tokensOf } from './mapping-tokens.ts';
import type { SharedName } from './shared-places.ts';
import { attributeFacts, attributeInWords, fieldInWords, fieldSchema, fieldType } from './mapping-words.ts';

/** What the word at an offset of a mapping or derivation is: an attribute, an id, a source field, a variable. */
export async function hoverMapping(
  text: string,
  offset: number,
  context: MappingContext,
  places: Places,
): Promise<Hover | undefined> {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'comment');
  const index = tokens.findIndex(({ start, end, kind }) => start <= offset && offset <= end && kind !== 'sign');
  const token = tokens[index];
  if (token === undefined) return undefined;
  const markdown = await tokenInWords(text, tokens, index, token, context, places);
  return markdown === undefined ? undefined : { start: token.start, end: token.end, markdown };
}

async function tokenInWords(
  text: string,
  tokens: readonly Token[],
  index: number,
  token: Token,
  context: MappingContext,
  places: Places,
): Promise<string | undefined> {
  if (token.kind === 'variable') return variableInWords(token, tokens, context);
  if (token.kind === 'name') return nameInWords(text, token, context);
  const isKey = tokens[index + 1]?.text === ':';
  const key = isKey ? token : tokens[index - 1]?.text === ':' ? tokens[index - 2] : undefined;
  if (key?.kind !== 'string') return undefined;
  const path = pathOfKey(text, key, context);
  const facts = path === undefined ? undefined : await attributeFacts(context, path, places);
  if (facts === undefined) return undefined;
  const caption = isKey ? undefined : facts.enum?.[plain(token)];
  return [...(caption === undefined ? [] : [`**${plain(token)}** ${caption}`]), attributeInWords(facts, context)].join(
    '\n\n',
  );
}

/** Where a key stands in the record; in text that does not parse, by what is written before it. */
function pathOfKey(text: string, key: Token, context: MappingContext): string | undefined {
  const known = context.places(text)?.keys.get(key.start);
  if (known !== undefined) return known.path;
  const gap = mappingGapAt(text, key.start + 1);
  const found = gap?.on === 'key' ? placeOfGap(gap, context, ({ keys }, at) => keys.get(at)) : undefined;
  if (found === undefined) return undefined;
  return found.owner === '' ? plain(key) : `${found.owner}.${plain(key)}`;
}

function nameInWords(text: string, token: Token, context: MappingContext): string | undefined {
  const gap = mappingGapAt(text, token.end);
  const parents = context.places(text)?.names.get(token.start) ?? (gap && parentsOfGap(gap, context)) ?? [];
  return parents.map((parent) => fieldOf(parent, plain(token), context)).find((field) => field !== undefined)?.markdown;
}

type FieldInWords = { readonly detail: string; readonly markdown: string };

/** A field of a part of the source record or of a binding; `undefined` if it has none of that name. */
function fieldOf({ path, schema }: SourceField, name: string, context: MappingContext): FieldInWords | undefined {
  if (schema.fields?.has(name) !== true) return undefined;
  const full = path === '' ? name : `${path}.${name}`;
  const isRequired = schema.required.has(name);
  if (path === '$connection') {
    const { title = name, help = '' } = context.descriptor.connection.properties[name] ?? {};
    return { detail: title, markdown: [`**${full}**`, title, help].filter((part) => part !== '').join('\n\n') };
  }
  const types = schema.fields.get(name)?.types ?? [];
  const own = fieldSchema(context.row, full) ?? (types.length === 0 ? undefined : { type: [...types] });
  return { detail: fieldType(own, isRequired), markdown: fieldInWords(full, own, isRequired) };
}

function variableInWords(
  { text, start }: Token,
  tokens: readonly Token[],
  { shared }: MappingContext,
): string | undefined {
  const name = text.slice(1);
  const set = tokens.findLast(
    (each, index) => each.text === text && each.start <= start && tokens[index + 1]?.text === ':=',
  );
  if (set !== undefined && name !== '') return `**${text}** · set in this mapping`;
  const elsewhere = shared.find((each) => each.name === name);
  if (elsewhere !== undefined) return `**${text}** · ${setIn(elsewhere)}`;
  const words = Object.hasOwn(bindingWords, name) ? bindingWords[name] : undefined;
  if (words !== undefined) return `**${text}**\n\n${words}`;
  const ofFunction = Object.hasOwn(functionWords, name) ? functionWords[name] : undefined;
  return ofFunction === undefined ? undefined : `**${text}${parametersInWords(name)}**\n\n${ofFunction}`;
}

function setIn({ at: { file, line } }: SharedName): string {
  return `set in ${basename(file)}, line ${line}`;
}

const letters: { readonly [letter: string]: string } = {
  s: 'text',
  n: 'number',
  b: 'boolean',
  o: 'object',
  a: 'array',
  f: 'function',
  j: 'value',
  x: 'value',
};

/** `(text, number, number?)` */
function parametersInWords(name: string): string {
  const [before = ''] = (signatures[name] ?? '').split(':');
  const parameters = [...before.matchAll(/(?:\((\w+)\)|(\w))([-?]?)/g)].map(([, several, one = '', mark = '']) => {
    const kinds = (several ?? one)
      .split('')
      .map((letter) => letters[letter] ?? 'value')
      .join(' or ');
    return `${kinds}${mark === '?' ? '?' : ''}`;
  });
  return `(${parameters.join(', ')})`;
}

/** What may be written at an offset of a mapping or derivation. */
export async function completeMapping(
  text: string,
  offset: number,
  context: MappingContext,
  places: Places,
): Promise<Completions> {
  const gap = mappingGapAt(text, offset);
  if (gap === undefined) return noCompletions;
  const { start, end } = gap;
  switch (gap.on) {
    case 'variable':
      return { start, end, items: variables(text, gap, context) };
    case 'key':
      return { start, end, items: await attributes(gap, context, places) };
    case 'step':
      return { start, end, items: fields(gap, context) };
    case 'value':
      return { start, end, items: values(gap, context) };
    default:
      return gap.on satisfies never;
  }
}

async function attributes(gap: MappingGap, context: MappingContext, places: Places): Promise<Completion[]> {
  const key = placeOfGap(gap, context, ({ keys }, at) => keys.get(at));
  if (key === undefined) return [];
  const open = [...key.shape.byName.values()].filter(({ name }) => isOpen(name, key, context));
  return Promise.all(open.map((attribute) => attributeCompletion(attribute, key, gap, context, places)));
}

/** What is given already, or always filled in, is not offered again. */
function isOpen(name: string, { given, owner }: RecordKey, { target }: MappingContext): boolean {
  return !given.includes(name) && target?.filledIn.get(owner === '' ? name : `${owner}.${name}`) !== 'always';
}

async function attributeCompletion(
  attribute: TargetAttribute,
  { owner }: RecordKey,
  { hasColon }: MappingGap,
  context: MappingContext,
  places: Places,
): Promise<Completion> {
  const { name } = attribute;
  const path = owner === '' ? name : `${owner}.${name}`;
  const facts = await attributeFacts(context, path, places);
  const value = hasColon ? '' : `: ${skeleton(attribute)}`;
  const key = JSON.stringify(name);
  const isFilledIn = context.target?.filledIn.has(path) === true;
  const caret = value.indexOf('|');
  return {
    label: name,
    kind: 'field',
    detail: `${facts?.type ?? attribute.type}, ${facts?.requirement ?? 'optional'}${isFilledIn ? ', filled in' : ''}`,
    ...(facts !== undefined && { markdown: attributeInWords(facts, context) }),
    insert: key + value.replace('|', ''),
    ...(caret !== -1 && { caret: key.length + caret }),
    rank: isFilledIn ? 2 : ranks[facts?.requirement ?? 'optional'],
    filter: key,
  };
}

const ranks = { required: 0, recommended: 1, optional: 2 };

function skeleton({ shape, isArray }: TargetAttribute): string {
  const one = shape === undefined ? '|' : '{ | }';
  return isArray ? `[${one}]` : one;
}

function values(gap: MappingGap, context: MappingContext): Completion[] {
  const { keyAt } = gap;
  const key = keyAt === undefined ? undefined : placeOfGap(gap, context, ({ keys }) => keys.get(keyAt));
  const allowed = key?.attribute === undefined ? [] : allowedValues(key.attribute);
  if (gap.isQuoted) return allowed.filter(({ insert }) => insert.startsWith('"'));
  const bound = Object.entries(bindingWords)
    .filter(([name]) => name !== '' && name !== '$')
    .map(([name, words]): Completion => variable(`$${name}`, words));
  return [...allowed, ...fields(gap, context), ...context.shared.map(sharedVariable), ...bound];
}

/** Ids with their captions, or captions with their ids. */
function allowedValues({ captions, deprecatedIds, id }: TargetAttribute): Completion[] {
  const ids = [...(captions ?? [])].map(([value, caption]): Completion => {
    const insert = JSON.stringify(value);
    const note = deprecatedIds?.has(value) === true ? `${caption}, deprecated` : caption;
    return {
      label: `${insert} ${caption}`,
      kind: 'value',
      detail: note,
      insert,
      filter: `${insert} ${caption}`,
      rank: 0,
    };
  });
  const texts = [...(id?.captions ?? [])].map(([value, caption]): Completion => {
    const insert = JSON.stringify(caption);
    return { label: caption, kind: 'value', detail: `${id?.name ?? ''} ${value}`, insert, filter: insert, rank: 0 };
  });
  return [...ids, ...texts];
}

function fields(gap: MappingGap, context: MappingContext): Completion[] {
  const parents = parentsOfGap(gap, context) ?? [];
  const names = new Set(parents.flatMap(({ schema }) => [...(schema.fields?.keys() ?? [])]));
  return [...names].flatMap((name): Completion[] => {
    const told = parents.map((parent) => fieldOf(parent, name, context)).find((each) => each !== undefined);
    if (told === undefined) return [];
    const insert = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``;
    return [{ label: name, kind: 'field', ...told, insert, filter: insert, rank: 1 }];
  });
}

function parentsOfGap(gap: MappingGap, context: MappingContext): readonly SourceField[] | undefined {
  return placeOfGap(gap, context, ({ names }, at) => names.get(at));
}

/** Takes what it finds in the first of the filled texts that parses and has it. */
function placeOfGap<Found>(
  { filled }: MappingGap,
  { places }: MappingContext,
  find: (found: NonNullable<ReturnType<MappingContext['places']>>, at: number) => Found | undefined,
): Found | undefined {
  for (const { text, at } of filled) {
    const walked = places(text);
    const found = walked && find(walked, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sharedVariable(shared: SharedName): Completion {
  return variable(`$${shared.name}`, setIn(shared));
}

function variables(text: string, { start }: MappingGap, { shared }: MappingContext): Completion[] {
  const tokens = tokensOf(text.slice(0, start));
  const local = tokens.filter(({ kind, text: written }, index) => {
    const isSet = tokens[index + 1]?.text === ':=' || isParameter(tokens, index);
    return kind === 'variable' && written.length > 1 && isSet;
  });
  return [
    ...[...new Set(local.map((token) => token.text))].map((name) => variable(name, 'set in this mapping')),
    ...shared.filter(({ name }) => !local.some((token) => token.text === `$${name}`)).map(sharedVariable),
    ...Object.entries(bindingWords).map(([name, words]) => variable(`$${name}`, words)),
    ...Object.entries(functionWords).map(
      ([name, words]): Completion => ({
        label: `$${name}`,
        kind: 'function',
        detail: parametersInWords(name),
        markdown: words,
        insert: `$${name}()`,
        caret: name.length + 2,
        rank: 1,
      }),
    ),
  ];
}

/** Between the brackets behind `function`. */
function isParameter(tokens: readonly Token[], index: number): boolean {
  let at = index;
  while (at > 0 && (tokens[at]?.kind === 'variable' || tokens[at]?.text === ',')) at--;
  return tokens[at]?.text === '(' && tokens[at - 1]?.text === 'function';
}

function variable(name: string, words: string): Completion {
  return { label: name, kind: 'variable', detail: words, insert: name, rank: 0 };
}

function plain({ text }: Token): string {
  return text.replace(/^(["'`])(.*?)\1?$/s, '$2');
}

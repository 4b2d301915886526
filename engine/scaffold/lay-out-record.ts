import type { SourceShape } from './feed-draft.ts';
import {
  attributeAt,
  type LaidOutAttribute,
  type LaidOutClass,
  type LaidOutShape,
  openAttributes,
} from './laid-out-class.ts';
import type { Match } from './match-fields.ts';
import { sampleConstant } from './sample-constant.ts';

/** JSONata text, or an object or list of it. */
export type Code = string | readonly Code[] | { readonly [attribute: string]: Code };

/** One attribute of the class as the mapping lays it out. */
export type LaidOutLine = {
  readonly name: string;
  readonly attribute: LaidOutAttribute;
  /** `given` stands in the mapping; `offered` stands in a comment, to be taken out of it. */
  readonly standing: 'given' | 'offered';
  readonly code: Code;
};

/** Lays a class out: what is required or surely matched is given, what is recommended is offered. */
export function layOutRecord(ocsfClass: LaidOutClass, source: SourceShape, matches: readonly Match[]): LaidOutLine[] {
  const { shape, filledIn } = ocsfClass;
  const codes = new Map(matches.map((match) => [match.path, matchCode(match, source, ocsfClass)]));
  const time = matches.find(({ path }) => path === 'time');
  if (time !== undefined) codes.set('metadata.original_time', time.field);
  const layout: Layout = { ocsfClass, codes };
  const owed = constraintPaths(layout, shape, '');
  const inOrder = openAttributes(shape).sort(([one], [other]) => rank(one) - rank(other));
  return inOrder.flatMap(([name, attribute]): LaidOutLine[] => {
    const isGiven = isEntered(name, layout) || owed.some((path) => path === name || path.startsWith(`${name}.`));
    const isOwed = attribute.requirement === 'required' && !filledIn.has(name);
    if (isGiven || isOwed) {
      const inner = { ocsfClass, codes: withOwed(layout, owed) };
      return [{ name, attribute, standing: 'given', code: give(name, name, attribute, inner) }];
    }
    if (attribute.requirement !== 'recommended' || filledIn.has(name) || madeByEngine.includes(name)) return [];
    return [
      { name, attribute, standing: 'offered', code: give(name, name, attribute, { ocsfClass, codes: new Map() }) },
    ];
  });
}

/** The engine gathers observables by itself; `raw_data` repeats what unmapped keeps. */
const madeByEngine = ['observables', 'raw_data'];

/** As in a record: what happened comes first, then the rest by the alphabet. */
function rank(name: string): number {
  const first = [
    'activity_id',
    'severity_id',
    'status_id',
    'status_code',
    'status_detail',
    'time',
    'message',
    'metadata',
  ];
  const position = first.indexOf(name);
  return position === -1 ? first.length : position;
}

type Layout = { readonly ocsfClass: LaidOutClass; readonly codes: ReadonlyMap<string, string> };

function isEntered(path: string, { codes }: Layout): boolean {
  return [...codes.keys()].some((key) => key === path || key.startsWith(`${path}.`));
}

function withOwed({ ocsfClass, codes }: Layout, owed: readonly string[]): ReadonlyMap<string, string> {
  const deep = owed.filter((path) => path.includes('.') && !codes.has(path));
  return new Map([
    ...codes,
    ...deep.flatMap((path): [string, string][] => {
      const attribute = attributeAt(ocsfClass, path);
      return attribute === undefined
        ? []
        : [[path, sampleConstant(ocsfClass, path.split('.').at(-1) ?? '', attribute)]];
    }),
  ]);
}

/** A field that may be missing gives way to a word where the attribute is required. */
function matchCode(
  { field, path, isTime, isNumber }: Match,
  { properties, required }: SourceShape,
  ocsfClass: LaidOutClass,
): string {
  const name = fieldCode(field);
  if (isTime) return `$toTime(${name})`;
  const types = [properties[field]?.type].flat();
  const isSure = required.includes(field) && !types.includes('null');
  const isRequired = attributeAt(ocsfClass, path)?.requirement === 'required';
  const otherwise = isRequired ? ' : "Unknown"' : '';
  if (isNumber) return isSure ? `$string(${name})` : `${name} != null ? $string(${name})${otherwise}`;
  return isRequired && !isSure && types.includes('string') ? `${name} ?: "Unknown"` : name;
}

/** A field's name as JSONata; quoted where it is no plain name or a word of the language. */
function fieldCode(field: string): string {
  return /^[A-Za-z_]\w*$/.test(field) && !['and', 'or', 'in', 'true', 'false', 'null', 'function'].includes(field)
    ? field
    : `\`${field}\``;
}

function give(path: string, name: string, attribute: LaidOutAttribute, layout: Layout): Code {
  const code = layout.codes.get(path) ?? giveValue(path, name, attribute, layout);
  return attribute.is_array === true ? [code] : code;
}

function giveValue(path: string, name: string, attribute: LaidOutAttribute, layout: Layout): Code {
  const { ocsfClass } = layout;
  if (attribute.object_type === undefined) return sampleConstant(ocsfClass, name, attribute);
  const shape = ocsfClass.objects[attribute.object_type];
  const fields = shape === undefined ? [] : giveFields(path, shape, layout);
  return fields.length === 0 ? { note: sampleConstant(ocsfClass, 'note', textAttribute) } : Object.fromEntries(fields);
}

const textAttribute: LaidOutAttribute = { caption: '', type: 'string_t', requirement: 'optional' };

/** Deeper than any required chain of OCSF, and a stop where objects hold each other in circles. */
const deepest = 8;

function giveFields(path: string, shape: LaidOutShape, layout: Layout): [string, Code][] {
  const { filledIn } = layout.ocsfClass;
  const all = openAttributes(shape);
  const owed = constraintPaths(layout, shape, path);
  const wanted = all.filter(([name, { requirement }]) => {
    const at = `${path}.${name}`;
    return isEntered(at, layout) || owed.includes(at) || (requirement === 'required' && !filledIn.has(at));
  });
  const told = wanted.length > 0 ? wanted : firstOf(all);
  if (path.split('.').length > deepest) return [];
  return told.map(([name, attribute]) => [name, give(`${path}.${name}`, name, attribute, layout)]);
}

/** An object of which nothing is required shows the first plain attribute that is recommended, or the first there is. */
function firstOf(all: [string, LaidOutAttribute][]): [string, LaidOutAttribute][] {
  const plain = all.filter(([, { object_type: object }]) => object === undefined);
  const named = ['uid', 'name'].flatMap((wanted) => plain.filter(([name]) => name === wanted));
  const recommended = plain.filter(([, { requirement }]) => requirement === 'recommended');
  return [...named, ...recommended, ...plain, ...all].slice(0, 1);
}

/** The paths that a constraint still asks for: one of its names, the plainest, where none is given yet. */
function constraintPaths(layout: Layout, shape: LaidOutShape, path: string): string[] {
  const { at_least_one: atLeastOne = [], just_one: justOne = [] } = shape.constraints ?? {};
  const prefix = path === '' ? '' : `${path}.`;
  return [atLeastOne, justOne].flatMap((names) => {
    const open = names.filter((name) => isOpen(name, shape, layout.ocsfClass));
    const isRequired = (name: string) => shape.attributes[name]?.requirement === 'required';
    if (open.length === 0 || open.some((name) => isEntered(prefix + name, layout) || isRequired(name))) return [];
    const plain = open.filter((name) => shape.attributes[name]?.object_type === undefined && !name.includes('.'));
    const [first] = [...['uid', 'name'].filter((name) => plain.includes(name)), ...plain, ...open];
    return first === undefined ? [] : [prefix + first];
  });
}

function isOpen(name: string, shape: LaidOutShape, ocsfClass: LaidOutClass): boolean {
  const [first = name, ...rest] = name.split('.');
  const found = openAttributes(shape).find(([one]) => one === first);
  if (found === undefined || rest.length === 0) return found !== undefined;
  const inner = ocsfClass.objects[found[1].object_type ?? ''];
  return inner !== undefined && isOpen(rest.join('.'), inner, ocsfClass);
}

import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Finding } from './findings.ts';
import type { TargetAttribute } from './target-class.ts';
import { literalOf, type Option } from './value.ts';

export type Fault = Omit<Finding, 'at'>;

/** What is wrong with one option for one value of an attribute; objects are looked into elsewhere. */
export function faultOf(option: Option, attribute: TargetAttribute, path: string): Fault | undefined {
  switch (option.kind) {
    case 'any':
    case 'null':
    case 'function':
      return undefined;
    case 'array':
      return attribute.json === 'any' ? undefined : severalFault(attribute, path);
    case 'object':
      return attribute.json === 'object' || attribute.json === 'any'
        ? undefined
        : wrongType(attribute, 'an object', path);
    case 'boolean':
      return isOf(attribute, ['boolean']) ? undefined : wrongType(attribute, valueWords(option), path);
    case 'number':
      return numberFault(option.literal, attribute, path);
    case 'string':
      return textFault(option.literal, attribute, path);
    default:
      return option satisfies never;
  }
}

/** A bare value where OCSF has an array. */
export function bareFault(option: Option, { type, json }: TargetAttribute, path: string): Fault {
  const item = json === 'object' ? `${type} objects` : type;
  return {
    code: 'mapping/wrong-type',
    message: `${path} is an array of ${item}; this gives ${valueWords(option)}.`,
    hint: 'Put it in brackets: [ … ].',
  };
}

/** A sequence where OCSF has an array. */
export function looseFault(path: string): Fault {
  return {
    code: 'mapping/wrong-type',
    severity: 'warning',
    message: `${path} is an array; where this finds one item it gives that item bare.`,
    hint: 'Put it in brackets: [ … ].',
  };
}

/** An id that is there, and deprecated. */
export function idWarning(option: Option, { deprecatedIds }: TargetAttribute, path: string): Fault | undefined {
  const id = literalOf(option);
  const since = typeof id === 'number' || typeof id === 'string' ? deprecatedIds?.get(id) : undefined;
  if (since === undefined) return undefined;
  return {
    code: 'mapping/deprecated-attribute',
    severity: 'warning',
    message: `${path} ${String(id)} is deprecated since OCSF ${since}.`,
    hint: 'Give the id that OCSF has in its place.',
  };
}

function severalFault(attribute: TargetAttribute, path: string): Fault {
  return { ...wrongType(attribute, 'an array', path), hint: 'Take one item, for example with [0].' };
}

function numberFault(literal: number | undefined, attribute: TargetAttribute, path: string): Fault | undefined {
  if (!isOf(attribute, ['number', 'integer'])) return wrongType(attribute, numberWords(literal), path);
  if (literal === undefined) return undefined;
  if (attribute.json === 'integer' && !Number.isInteger(literal))
    return wrongType(attribute, numberWords(literal), path);
  return idFault(literal, attribute, path);
}

function textFault(literal: string | undefined, attribute: TargetAttribute, path: string): Fault | undefined {
  if (isOf(attribute, ['string'])) return literal === undefined ? undefined : idFault(literal, attribute, path);
  if (attribute.type === 'timestamp_t' && (literal === undefined || isIsoTime(literal))) {
    return {
      code: 'mapping/iso-time',
      message: `${path} is in milliseconds; this gives ${textWords(literal)}.`,
      hint: 'Turn it into milliseconds: $toMillis( … ).',
    };
  }
  return { ...wrongType(attribute, textWords(literal), path), hint: captionHint(literal, attribute) };
}

function idFault(id: number | string, attribute: TargetAttribute, path: string): Fault | undefined {
  const { captions } = attribute;
  if (captions === undefined || captions.has(id)) return undefined;
  const known = [...captions].map(([one, caption]) => (typeof one === 'number' ? `${one} ${caption}` : one));
  const near = typeof id === 'string' ? didYouMean(id, known) : undefined;
  return {
    code: 'mapping/unknown-enum-value',
    message: `${path} has no ${typeof id === 'string' ? JSON.stringify(id) : id}.`,
    hint: near === undefined ? `There is: ${shortList(known)}.` : `Did you mean "${near}"?`,
  };
}

function captionHint(literal: string | undefined, attribute: TargetAttribute): string | undefined {
  const { captions, caption } = attribute;
  if (literal === undefined || captions === undefined) return undefined;
  const meant = didYouMean(literal, [...captions.values()]);
  const id = [...captions].find(([, own]) => own === meant)?.[0];
  if (id === undefined) return `There is: ${shortList([...captions].map(([one, own]) => `${one} ${own}`))}.`;
  const instead = caption === undefined ? '' : `, or give ${caption} instead`;
  return `"${meant ?? ''}" has the id ${id}${instead}.`;
}

const mostListed = 12;

function shortList(words: readonly string[]): string {
  return words.length <= mostListed ? words.join(', ') : `${words.slice(0, mostListed).join(', ')}, …`;
}

function wrongType({ type, json }: TargetAttribute, got: string, path: string): Fault {
  const kind = {
    object: `a ${type} object`,
    string: 'text',
    integer: 'an integer',
    number: 'a number',
    boolean: 'true or false',
    any: type,
  };
  return { code: 'mapping/wrong-type', message: `${path} is ${kind[json]}; this gives ${got}.` };
}

function isOf({ json }: TargetAttribute, kinds: readonly TargetAttribute['json'][]): boolean {
  return json === 'any' || kinds.includes(json);
}

function isIsoTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text);
}

function valueWords(option: Option): string {
  switch (option.kind) {
    case 'string':
      return textWords(option.literal);
    case 'number':
      return numberWords(option.literal);
    case 'boolean':
      return option.literal === undefined ? 'true or false' : String(option.literal);
    case 'object':
      return 'an object';
    case 'array':
      return 'an array';
    case 'any':
    case 'null':
    case 'function':
      return 'something else';
    default:
      return option satisfies never;
  }
}

function textWords(literal: string | undefined): string {
  return literal === undefined
    ? 'text'
    : `the text ${JSON.stringify(literal.length > 40 ? `${literal.slice(0, 40)}…` : literal)}`;
}

function numberWords(literal: number | undefined): string {
  return literal === undefined ? 'a number' : String(literal);
}

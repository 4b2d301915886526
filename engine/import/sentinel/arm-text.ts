import { looksSecret, type Connection } from '../connection.ts';
import { fillIn } from '../imported.ts';
import { isJsonObject } from '../../records.ts';
import { lost, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';
import type { TimeForm } from '../times.ts';

/** What the expressions of a deployment template stand for. */
export type ArmScope = {
  readonly connection: Connection;
  /** Variables of the template that are plain texts. */
  readonly variables: { readonly [name: string]: string };
  /** How the ends of the query window are written. */
  readonly form: TimeForm;
};

/** A text as a template of ours; `undefined` where there is none. */
export function armText(place: Place, scope: ArmScope): string | undefined {
  const text = textOf(place);
  if (text === undefined) return undefined;
  const [, expression] = /^\s*\[{1,2}(?!\[)(.*)\]\s*$/s.exec(text) ?? [];
  if (expression !== undefined) {
    const value = evaluate(expression.trim(), scope);
    if (value !== undefined) return builtIns(value, place, scope);
    lost(
      place,
      `The template expression ${shown(expression)} has no equivalent.`,
      'Put a connection property in place of {fillIn} in integration.yaml.',
    );
    return fillIn;
  }
  return builtIns(text, place, scope);
}

/** `{_QueryWindowStartTime}`, and `{{name}}` of packaging tools. Other braces of the text's own are reported. */
function builtIns(text: string, place: Place, { connection, form }: ArmScope): string {
  const parts = text.split(/(\{\{\s*\w+\s*\}\}|\{\w+\})/);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const [, packaged] = /^\{\{\s*(\w+)\s*\}\}$/.exec(part) ?? [];
      if (packaged !== undefined) return connection.use(packaged);
      const known = windowText(part, form);
      if (known !== undefined) return known;
      if (isOurs(part, connection)) return part;
      lost(place, `"${part}" stands in the text itself, where a descriptor would read a placeholder.`);
      return fillIn;
    })
    .join('');
}

export function windowText(part: string, form: TimeForm): string | undefined {
  if (/^\{_QueryWindowStartTime\}$/i.test(part)) return `{from.${form}}`;
  return /^\{_QueryWindowEndTime\}$/i.test(part) ? `{to.${form}}` : undefined;
}

/** Put there by an expression that was evaluated before. */
function isOurs(part: string, connection: Connection): boolean {
  return connection.isKnown(part.slice(1, -1));
}

function evaluate(expression: string, scope: ArmScope): string | undefined {
  const text = /^'((?:[^']|'')*)'$/s.exec(expression)?.[1];
  if (text !== undefined) return text.replaceAll("''", "'");
  const [, called = '', inner = '', rest = ''] = /^(\w+)\((.*)\)((?:\.\w+|\['\w+'\])*)$/s.exec(expression) ?? [];
  const given = splitArguments(inner);
  if (given === undefined) return undefined;
  switch (called.toLowerCase()) {
    case 'parameters': {
      const [name] = given;
      const own = name === undefined ? undefined : evaluate(name, { ...scope, variables: {} });
      if (own === undefined) return undefined;
      return scope.connection.use(
        rest === '' ? own : `${own}.${rest.replace(/^[.[']+|[\]']+$/g, '').replace(/[.[\]']+/g, '.')}`,
      );
    }
    case 'variables': {
      const [name = ''] = given;
      return rest === '' ? scope.variables[name.replace(/^'|'$/g, '')] : undefined;
    }
    case 'concat': {
      const parts = given.map((one) => evaluate(one, scope));
      return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
    }
    case 'format': {
      const [pattern, ...values] = given.map((one) => evaluate(one, scope));
      if (pattern === undefined || values.some((value) => value === undefined)) return undefined;
      return pattern.replace(/\{(\d+)\}/g, (_, index: string) => values[Number(index)] ?? fillIn);
    }
    default:
      return undefined;
  }
}

/** The arguments of a call, split at the commas that are not inside brackets or quotes. */
function splitArguments(text: string): string[] | undefined {
  const parts: string[] = [''];
  let depth = 0;
  let isQuoted = false;
  for (const character of text) {
    if (character === "'") isQuoted = !isQuoted;
    if (!isQuoted && '(['.includes(character)) depth += 1;
    if (!isQuoted && ')]'.includes(character)) depth -= 1;
    if (depth < 0) return undefined;
    if (character === ',' && depth === 0 && !isQuoted) parts.push('');
    else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${character}`;
  }
  return isQuoted || depth !== 0 ? undefined : parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Variables of a template whose values are plain texts, and no credentials. */
export function plainVariables({ value }: Place): { [name: string]: string } {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && !entry[1].startsWith('[') && !looksSecret(entry[1]),
    ),
  );
}

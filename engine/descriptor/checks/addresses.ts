import type { Issue } from '../../diagnostics/issue.ts';
import type { ConnectionProperty } from '../descriptor.ts';
import { type Check, issueAt, type Subject } from './subject.ts';
import { templatesOf, type WrittenText } from './written-texts.ts';

/**
 * Where credentials may go: each address begins with https and a host, or with a property whose form is checked; and
 * what is appended to `baseUrl` leads to no other host.
 */
export const addresses: Check = (subject) =>
  templatesOf(subject).flatMap((text) => {
    const key = text.steps.at(-1) ?? '';
    if (/^baseUrl$|Url$/.test(key)) return unsafe(text, subject);
    return key === 'path' ? foreign(text, subject) : [];
  });

function unsafe({ file, pointer, text }: WrittenText, { descriptor }: Subject): Issue[] {
  const fault = addressFault(text, descriptor.connection.properties);
  return fault === undefined
    ? []
    : [issueAt(file.locate, pointer, { code: 'descriptor/unsafe-address', severity: 'error', ...fault })];
}

type Fault = { readonly message: string; readonly hint: string };

function addressFault(text: string, properties: { readonly [name: string]: ConnectionProperty }): Fault | undefined {
  const [, name] = /^\{(\w+)\}/.exec(text) ?? [];
  if (name !== undefined) return originFault(name, properties[name]);
  const [, scheme, authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text) ?? [];
  if (scheme === undefined) {
    return {
      message: `The address "${shown(text)}" does not say where it leads.`,
      hint: 'Begin it with https:// and a host.',
    };
  }
  if (authority.includes('@')) {
    return {
      message: 'The address holds a user name or password.',
      hint: 'Leave them out; auth says how requests are authorised.',
    };
  }
  if (scheme.toLowerCase() === 'https' || isLoopback(authority)) return undefined;
  return {
    message: `The address begins with ${scheme}://, so credentials would travel in the clear.`,
    hint: `Write https:// (http:// is for loopback only).`,
  };
}

/** A whole origin from a property: one that is checked to be https, or one whose values are all spelt out. */
function originFault(name: string, property: ConnectionProperty | undefined): Fault | undefined {
  if (property === undefined || property.format === 'base-url') return undefined;
  const values = property.enum ?? (property.choices === undefined ? undefined : Object.keys(property.choices));
  if (values?.every((value) => /^https:\/\/[^/?#@]+$/i.test(value)) === true) return undefined;
  return {
    message: `The address begins with {${name}}, which may be any text: credentials could go anywhere, and unencrypted.`,
    hint: `Say "format: base-url" for the property "${name}", which is then checked to be https.`,
  };
}

function isLoopback(authority: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(authority);
}

function foreign({ file, pointer, text }: WrittenText, { descriptor }: Subject): Issue[] {
  const [, name] = /^\{(\w+)\}/.exec(text) ?? [];
  const whole = name !== undefined && descriptor.connection.properties[name]?.format === 'base-url';
  if (!whole && !/^([a-z][a-z0-9+.-]*:)?\/\//i.test(text)) return [];
  return [
    issueAt(file.locate, pointer, {
      code: 'descriptor/foreign-host',
      severity: 'error',
      message: `The path "${shown(text)}" is a whole address, but is appended to baseUrl; credentials go to that host only.`,
      hint: 'Write only what follows baseUrl, beginning with "/".',
    }),
  ];
}

/** Without its query, which may hold what no message may show. */
function shown(text: string): string {
  return text.replace(/\?.*$/s, '');
}

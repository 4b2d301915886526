import type { ImportedProperty } from './imported.ts';

/** Gathers the connection properties: those the file declares, and those its values turn out to need. */
export type Connection = {
  /** Tells of a property; it is written only if something uses it. `name` is the file's own. */
  readonly declare: (name: string, property: ImportedProperty) => void;
  /** `{placeholder}` of the property; one that nobody has declared is made. */
  readonly use: (name: string, facts?: Partial<ImportedProperty>) => string;
  /** The same for a property that is the importer's own, such as `loginUrl`. */
  readonly own: (name: string, property: ImportedProperty) => string;
  /** Adds what turned out about a property, by the name in its placeholder. */
  readonly refine: (placeholder: string, facts: Partial<ImportedProperty>) => void;
  readonly isKnown: (name: string) => boolean;
  readonly isSecret: (template: string) => boolean;
  /** Those whose placeholders stand in a text, in the order in which they were told. */
  readonly standingIn: (text: string) => { [name: string]: ImportedProperty };
  /** Names, as in the file, of the others. */
  readonly missingFrom: (text: string) => string[];
};

export function gatherConnection(): Connection {
  const declared = new Map<string, ImportedProperty>();
  const spelt = new Map<string, string>();

  const ownName = (name: string): string => {
    const known = spelt.get(name);
    if (known !== undefined) return known;
    const wanted = propertyName(name.split('.').at(-1) ?? name);
    const taken = new Set(spelt.values());
    const free = [wanted, ...Array.from({ length: spelt.size + 1 }, (_, index) => `${wanted}${index + 2}`)];
    const chosen = free.find((one) => !taken.has(one)) ?? wanted;
    spelt.set(name, chosen);
    return chosen;
  };
  const marked = (name: string, property: ImportedProperty): ImportedProperty => {
    if (property.secret !== undefined || property.type !== undefined || property.enum !== undefined) return property;
    return soundsSecret(name) ? { ...property, secret: true } : property;
  };

  return {
    declare: (name, property) => void declared.set(ownName(name), marked(name, property)),
    use: (name, facts = {}) => {
      const own = ownName(name);
      const before = declared.get(own) ?? { title: inWords(name), help: 'FILL IN: where the operator finds it.' };
      const { default: value, ...rest } = { ...before, ...facts };
      const property = marked(name, rest);
      // A secret with a value in the descriptor would be no secret.
      declared.set(own, property.secret === true || value === undefined ? property : { ...property, default: value });
      return `{${own}}`;
    },
    own: (name, property) => {
      declared.set(name, property);
      return `{${name}}`;
    },
    refine: (placeholder, facts) => {
      const property = declared.get(placeholder);
      if (property !== undefined) declared.set(placeholder, { ...property, ...facts });
    },
    isKnown: (name) => declared.has(name),
    isSecret: (template) =>
      [...template.matchAll(/\{(\w+)\}/g)].some(([, name = '']) => declared.get(name)?.secret === true),
    standingIn: (text) => Object.fromEntries([...declared].filter(([name]) => text.includes(`{${name}}`))),
    missingFrom: (text) =>
      [...spelt].filter(([, own]) => declared.has(own) && !text.includes(`{${own}}`)).map(([name]) => name),
  };
}

/** What a descriptor's own placeholders are called. */
const reserved = new Set(
  'apiVersion date method host path query body headers signature token from to job chunk ids parent fillIn url loginUrl lookback'.split(
    ' ',
  ),
);

/** credentials.api-key → credentialsApiKey */
export function propertyName(name: string): string {
  const [first = 'value', ...rest] = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = [lowerFirst(first), ...rest.map(upperFirst)].join('').replace(/^[^A-Za-z]+/, '');
  const own = joined === '' ? 'value' : lowerFirst(joined);
  return reserved.has(own) ? `${own === 'token' ? 'api' : 'source'}${upperFirst(own)}` : own;
}

/** ID → Id */
function upperFirst(word: string): string {
  const own = /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word;
  return own.charAt(0).toUpperCase() + own.slice(1);
}

/** URL → url, ClientID → clientID */
function lowerFirst(word: string): string {
  return /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);
}

/** client_secret → Client secret */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? 'Value' : upperFirst(words);
}

/** Names of fields, headers and parameters that carry credentials. */
export function soundsSecret(name: string): boolean {
  return (
    /(secret|passwo?r?d|passphrase|token|api[-_ ]?key|private[-_ ]?key|signing[-_ ]?key|access[-_ ]?key|authorization|credentials?|cookie)$/i.test(
      name.trim(),
    ) && !/public|page|next|continuation|cursor/i.test(name)
  );
}

/** Text that is a credential whatever it is called: an authorisation, a signed token, a key. */
export function looksSecret(text: string): boolean {
  return (
    /^(Bearer|Basic|Token|SSWS|ApiKey)\s+\S{6,}$/i.test(text) ||
    /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}/.test(text) ||
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ||
    (/^[\w+/=~.-]{24,}$/.test(text) &&
      /[a-z]/.test(text) &&
      /[A-Z]/.test(text) &&
      (text.match(/\d+/g) ?? []).length > 2)
  );
}

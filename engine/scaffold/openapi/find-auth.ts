import type { JsonObject } from '../../records.ts';
import type { AuthFacts } from '../draft-auth.ts';
import { asList, asObject, textsOf } from '../kinds.ts';
import type { OpenDocument } from './open-document.ts';

export type FoundAuth = {
  readonly kind: string;
  readonly facts: AuthFacts;
  readonly why: string;
  readonly unsure: readonly string[];
};

/** Tells from the security schemes that the operations name how their requests are authorised. */
export function findAuth(
  document: OpenDocument,
  operations: readonly JsonObject[],
  server: string | undefined,
): FoundAuth {
  const schemes = asObject(asObject(document.root.components).securitySchemes);
  const required = operations.flatMap((operation) => requirements(document, operation));
  const names = [...new Set(required.flatMap((one) => Object.keys(one)))];
  if (names.length === 0) {
    const declared = Object.keys(schemes);
    if (declared.length === 0) {
      return {
        kind: 'none',
        facts: {},
        why: 'the document names no security scheme',
        unsure: ['how requests are authorised'],
      };
    }
    return found(document, declared, schemes, server, [
      'no operation names the security scheme; the first one that there is stands',
    ]);
  }
  return found(document, names, schemes, server, []);
}

/** The OAuth scopes that an operation asks for. */
export function scopesOf(document: OpenDocument, operation: JsonObject): string[] {
  const [first = {}] = requirements(document, operation);
  return [...new Set(Object.values(first).flatMap(textsOf))];
}

/** What the flows of the document say of a scope. */
export function scopeMeaning(document: OpenDocument, scope: string): string | undefined {
  const schemes = Object.values(asObject(asObject(document.root.components).securitySchemes));
  const flows = schemes.flatMap((scheme) => Object.values(asObject(document.resolve(scheme).flows)));
  const told = flows
    .map((flow) => asObject(asObject(flow).scopes)[scope])
    .find((text) => typeof text === 'string' && text !== '');
  return typeof told === 'string' ? told : undefined;
}

function requirements({ root }: OpenDocument, operation: JsonObject): JsonObject[] {
  return asList(operation.security ?? root.security).map(asObject);
}

function found(
  document: OpenDocument,
  names: readonly string[],
  schemes: JsonObject,
  server: string | undefined,
  unsure: readonly string[],
): FoundAuth {
  const known = names.map((name) => ({ name, auth: authOf(document.resolve(schemes[name]), server) }));
  const best =
    known.find(({ auth }) => auth !== undefined && auth.unsure.length === 0) ??
    known.find(({ auth }) => auth !== undefined);
  if (best?.auth === undefined) {
    return {
      kind: 'none',
      facts: {},
      why: `the scheme ${names.join(', ')} is not known here`,
      unsure: ['how requests are authorised'],
    };
  }
  const others = names.filter((name) => name !== best.name);
  return {
    ...best.auth,
    why: `security scheme ${best.name}`,
    unsure: [
      ...unsure,
      ...best.auth.unsure,
      ...(others.length === 0
        ? []
        : [`whether ${others.join(', ')}, which the document names as well, would do better`]),
    ],
  };
}

type Auth = Omit<FoundAuth, 'why'>;

function authOf(scheme: JsonObject, server: string | undefined): Auth | undefined {
  const { type, in: where, name, scheme: word } = scheme;
  if (type === 'apiKey' && (where === 'header' || where === 'query') && typeof name === 'string') {
    return { kind: 'api-key', facts: { in: where, name }, unsure: [] };
  }
  if (type === 'http' && typeof word === 'string') {
    if (word.toLowerCase() === 'bearer') return { kind: 'bearer', facts: {}, unsure: [] };
    if (word.toLowerCase() === 'basic') return { kind: 'basic', facts: {}, unsure: [] };
  }
  if (type !== 'oauth2' && type !== 'openIdConnect') return undefined;
  const flow = asObject(asObject(scheme.flows).clientCredentials);
  const tokenUrl = addressOf(flow.tokenUrl, server);
  if (tokenUrl === undefined) {
    return {
      kind: 'bearer',
      facts: {},
      unsure: ['the document has no client credentials flow with an address; a token made elsewhere stands'],
    };
  }
  return { kind: 'oauth2-client-credentials', facts: { tokenUrl }, unsure: [] };
}

/** Credentials go to https alone. */
function addressOf(text: unknown, server: string | undefined): string | undefined {
  if (typeof text !== 'string' || !URL.canParse(text, server)) return undefined;
  const url = new URL(text, server);
  return url.protocol === 'https:' && url.username === '' ? url.href : undefined;
}

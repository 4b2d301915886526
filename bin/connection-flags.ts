import { Errors, Flags } from '@oclif/core';
import type { ConnectionInput } from '../engine/index.ts';

/** How an operator names the account to read from. */
export const connectionFlags = {
  set: Flags.string({
    summary: 'A connection property; the value may be env:NAME or file:PATH. Default: what file and environment say.',
    description:
      'Each property is taken from --set first, then from --connection, then from the environment: clientSecret from ' +
      'SLUICE_CLIENT_SECRET, and so on. Give secrets as env:NAME or file:PATH, so that they stay out of the shell history.',
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  connection: Flags.string({
    summary: 'YAML file of connection properties; secrets as { env: NAME } or { file: PATH }. Default: none.',
    helpValue: 'FILE',
  }),
};

type ConnectionFlags = { readonly set?: readonly string[] | undefined; readonly connection?: string | undefined };

export function connectionInput({ set = [], connection }: ConnectionFlags): ConnectionInput {
  return {
    set: Object.fromEntries(set.map(splitPair)),
    env: process.env,
    ...(connection !== undefined && { file: connection }),
  };
}

/** At the first `=`: a value may hold more. The value itself is never repeated in a message; it may be a secret. */
function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 1) {
    throw new Errors.CLIError('--set wants KEY=VALUE, for example --set tenantId=contoso.example', { exit: 2 });
  }
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

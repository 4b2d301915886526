import { Flags } from '@oclif/core';
import { type ConnectionInput, type SandboxRequest, startIntegrationSandbox } from '../engine/index.ts';

/** What a sandbox can be told, whether it stands alone or is started for one run. */
export const sandboxOptionFlags = {
  scale: Flags.integer({
    summary: "Records in the sandbox's largest list. Default: what the integration's sandbox declares.",
    helpValue: 'N',
    helpGroup: 'SANDBOX',
    min: 0,
  }),
  seed: Flags.integer({
    summary: 'Number the invented data grow from; same seed, same data. Default: what the sandbox declares.',
    helpValue: 'N',
    helpGroup: 'SANDBOX',
  }),
  without: Flags.string({
    summary: "A permission the sandbox's application was not granted. Repeats. Default: all are granted.",
    helpValue: 'PERMISSION',
    helpGroup: 'SANDBOX',
    multiple: true,
    multipleNonGreedy: true,
  }),
  also: Flags.string({
    summary: "A permission the sandbox's application was granted beyond need. Repeats. Default: none.",
    helpValue: 'PERMISSION',
    helpGroup: 'SANDBOX',
    multiple: true,
    multipleNonGreedy: true,
  }),
  unlicensed: Flags.boolean({
    summary: "The sandbox's tenant has not bought the licence some streams need. Default: off.",
    helpGroup: 'SANDBOX',
  }),
  fault: Flags.string({
    summary: 'A fault the sandbox shows, as STREAM:FAULT or STREAM:FAULT:N. Repeats. Default: none.',
    helpValue: 'FAULT',
    helpGroup: 'SANDBOX',
    multiple: true,
    multipleNonGreedy: true,
  }),
  change: Flags.string({
    summary:
      'What has happened to its data: a name the sandbox describes, or as COLLECTION:update:N, :delete:N, :append or :append:2h for a late one. Repeats. Default: nothing.',
    helpValue: 'CHANGE',
    helpGroup: 'SANDBOX',
    multiple: true,
    multipleNonGreedy: true,
  }),
  throttle: Flags.boolean({
    summary: "The sandbox refuses what exceeds the vendor's limits with 429. Default: off.",
    helpGroup: 'SANDBOX',
  }),
};

/** For commands that read from a source: the stand-in vendor instead of an account. */
export const sandboxFlags = {
  sandbox: Flags.boolean({
    summary: "Read from the integration's own stand-in vendor, started on loopback for this command. Default: off.",
    helpGroup: 'SANDBOX',
    exclusive: ['connection'],
  }),
  ...onlyWithSandbox(sandboxOptionFlags),
};

function onlyWithSandbox(flags: typeof sandboxOptionFlags): typeof sandboxOptionFlags {
  const dependsOn = ['sandbox'];
  return {
    scale: { ...flags.scale, dependsOn },
    seed: { ...flags.seed, dependsOn },
    without: { ...flags.without, dependsOn },
    also: { ...flags.also, dependsOn },
    unlicensed: { ...flags.unlicensed, dependsOn },
    fault: { ...flags.fault, dependsOn },
    change: { ...flags.change, dependsOn },
    throttle: { ...flags.throttle, dependsOn },
  };
}

type SandboxOptions = {
  readonly scale?: number | undefined;
  readonly seed?: number | undefined;
  readonly without?: readonly string[] | undefined;
  readonly also?: readonly string[] | undefined;
  readonly unlicensed: boolean;
  readonly fault?: readonly string[] | undefined;
  readonly change?: readonly string[] | undefined;
  readonly throttle: boolean;
};

export function sandboxOptions(flags: SandboxOptions): Omit<SandboxRequest, 'places' | 'integration'> {
  return {
    throttle: flags.throttle,
    unlicensed: flags.unlicensed,
    ...(flags.scale !== undefined && { scale: flags.scale }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.without !== undefined && { without: flags.without }),
    ...(flags.also !== undefined && { also: flags.also }),
    ...(flags.fault !== undefined && { faults: flags.fault }),
    ...(flags.change !== undefined && { changes: flags.change }),
  };
}

/** Does the work against the account, or against a sandbox that lives as long as the work. */
export async function withSource<Result>(
  flags: SandboxOptions & { readonly sandbox: boolean },
  { places, integration }: Pick<SandboxRequest, 'places' | 'integration'>,
  account: ConnectionInput,
  work: (connection: ConnectionInput) => Promise<Result>,
): Promise<Result> {
  if (!flags.sandbox) return work(account);
  const sandbox = await startIntegrationSandbox({ places, integration, ...sandboxOptions(flags) });
  try {
    return await work(insteadOf(account, sandbox.connection));
  } finally {
    await sandbox.close();
  }
}

/** The sandbox's own properties win, and no real account leaks in from the environment. */
function insteadOf(account: ConnectionInput, sandbox: ConnectionInput['set']): ConnectionInput {
  const env = Object.fromEntries(Object.entries(account.env).filter(([name]) => !name.startsWith('SLUICE_')));
  return { set: { ...account.set, ...sandbox }, env };
}

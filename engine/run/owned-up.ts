import type { Stream } from '../descriptor/descriptor.ts';
import type { OwnedUp } from './requests.ts';

/** What a stream cannot give by its endpoint, as far as its own descriptor says so: told unasked, and no issue. */
export function ownedUp(streams: readonly Stream[]): OwnedUp[] {
  return streams.flatMap((stream) =>
    [delegatedOnly(stream), retired(stream)].flatMap((message) =>
      message === undefined ? [] : [{ stream: stream.name, message }],
    ),
  );
}

function delegatedOnly({ grant, derive }: Stream): string | undefined {
  if (grant !== 'delegated') return undefined;
  return `No app-only token can read its path, whatever is granted; ${derive === undefined ? 'it stays empty' : `it is computed from ${derive.from}`}.`;
}

function retired({ deprecation }: Stream): string | undefined {
  if (deprecation?.retiredOn === undefined) return undefined;
  const { retiredOn, note, successor } = deprecation;
  const instead = successor === undefined ? '' : ` Read ${successor} instead.`;
  return `Retired on ${retiredOn}. ${note}${instead}`;
}

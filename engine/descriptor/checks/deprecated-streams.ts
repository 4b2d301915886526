import { type Check, inDescriptor } from './subject.ts';

/**
 * A stream the vendor gives up, and every run reads all the same. Silent where the descriptor owns up to it: by
 * `default: on` in its own words, or by a derivation that takes over.
 */
export const deprecatedStreams: Check = (subject) =>
  subject.descriptor.streams.flatMap(({ name, deprecation, derive, ...stream }) => {
    if (deprecation === undefined || stream.default === 'off' || derive !== undefined) return [];
    if (saysSo(subject.integrationFile.value, name)) return [];
    const { retiredOn, successor } = deprecation;
    const instead = successor === undefined ? '' : `, so that runs read "${successor}" instead`;
    return [
      inDescriptor(subject, `/streams/${name}/deprecation`, {
        code: 'descriptor/deprecated-on',
        severity: 'warning',
        message: `"${name}" is ${retiredOn === undefined ? 'deprecated' : `retired on ${retiredOn}`}, but on by default.`,
        hint: `Write "default: off"${instead}; or "default: on", to say that it is meant.`,
      }),
    ];
  });

function saysSo(written: unknown, name: string): boolean {
  // The file has passed the schema: `streams` holds blocks by name.
  const { streams } = written as { streams: { [name: string]: { default?: string } } };
  return streams[name]?.default === 'on';
}

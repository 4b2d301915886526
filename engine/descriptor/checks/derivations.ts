import type { Issue } from '../../diagnostics/issue.ts';
import type { Derive, Stream } from '../descriptor.ts';
import { type Check, inDescriptor, type Subject } from './subject.ts';

/** Derivations that cannot be computed. */
export const impossibleDerivations: Check = (subject) =>
  subject.descriptor.streams.flatMap((stream) =>
    stream.derive === undefined ? [] : impossible(stream, stream.derive, subject),
  );

function impossible({ name }: Stream, derive: Derive, subject: Subject): Issue[] {
  const wrong = (message: string, hint: string): Issue =>
    inDescriptor(subject, `/streams/${name}/derive/from`, {
      code: 'descriptor/bad-derivation',
      severity: 'error',
      message,
      hint,
    });
  const source = subject.descriptor.streams.find((stream) => stream.name === derive.from);
  const found: Issue[] = [];
  if (source?.cursor !== undefined) {
    found.push(
      wrong(
        `"${name}" is derived from "${derive.from}", of which a run reads only what is new.`,
        'Derive it from a stream without a cursor.',
      ),
    );
  }
  if (derive.from === name) {
    found.push(wrong(`"${name}" is derived from itself.`, 'Derive it from the stream that is read from the source.'));
  } else if (source?.derive !== undefined) {
    const circle = source.derive.from === name ? ', which is derived from it in turn' : ', which may be derived itself';
    found.push(
      wrong(
        `"${name}" is derived from "${derive.from}"${circle}.`,
        'Derive it from the stream that is read from the source.',
      ),
    );
  }
  if (derive.kind === 'fold' && derive.record === undefined) {
    found.push(
      wrong(
        `"${name}" folds rows, but nothing says what record the state becomes.`,
        `Write derivations/${name}.jsonata.`,
      ),
    );
  }
  return found;
}

/**
 * A stream that default runs compute from one they leave out. That one is read all the same, and delivers nothing: which
 * an author seldom means. A stream that is only derived when the vendor denies it may fall back on such a one.
 */
export const derivedFromOff: Check = (subject) =>
  subject.descriptor.streams.flatMap((stream) => {
    const { name, derive, grant, request } = stream;
    const source = subject.descriptor.streams.find((candidate) => candidate.name === derive?.from);
    const always = request === undefined || grant === 'delegated' || stream.deprecation?.retiredOn !== undefined;
    if (stream.default === 'off' || source?.default !== 'off' || source.name === name || !always) return [];
    return [
      inDescriptor(subject, `/streams/${name}/derive/from`, {
        code: 'descriptor/derived-from-off',
        severity: 'warning',
        message: `"${name}" is on by default, but is computed from "${source.name}", which is off: every run reads "${source.name}" for it and delivers none of its records.`,
        hint: `Write "default: off" in "${name}" as well, or turn "${source.name}" on.`,
      }),
    ];
  });

import { isDeepStrictEqual } from 'node:util';
import type { Position } from '../diagnostics/issue.ts';
import { positionAt } from '../mapping/check/place.ts';
import { pathText } from '../mapping/trace/places.ts';
import { type Provenance, provenancesOf } from '../mapping/trace/provenance.ts';
import type { Read } from '../mapping/trace/reads-of.ts';
import type { Trace } from '../mapping/trace/trace-mapping.ts';
import type { Examination } from '../ocsf/check-record.ts';
import { completionRule, retargetingRule } from '../ocsf/explain-completion.ts';
import { plainValue } from '../ocsf/plain-value.ts';
import { atPointer, childPointer, pointerTo } from '../json-pointer.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import type { AttributeOrigin, LeftOut, MappingOrigin, SourceRead } from './requests.ts';

export type Origins = {
  /** The record, or what was rejected; absent if the mapping gave no record. */
  readonly record?: JsonObject;
  readonly attributes: readonly AttributeOrigin[];
  readonly leftOut: readonly LeftOut[];
};

/** Where each value of a record comes from: the mapping and the row, the engine's completion, or the retargeting. */
export function originsOf(trace: Trace, examination: Examination): Origins {
  const provenances = provenancesOf(trace);
  const kept = keptPointers(trace.value);
  const mapped = new Map<string, Provenance>();
  const leftOut: LeftOut[] = [];
  for (const provenance of provenances) {
    const pointer = kept.get(provenance.pointer);
    if (pointer !== undefined) mapped.set(pointer, provenance);
    else leftOut.push({ ...outOf(provenance), ...mappingOrigin(trace, provenance) });
  }
  const record = recordOf(examination);
  if (record === undefined) return { attributes: [], leftOut };
  const attributes = valuesIn(record, '').map(([pointer, value]) =>
    originOf(pointer, value, { trace, examination, mapped, record }),
  );
  return { record, attributes, leftOut };
}

function recordOf({ outcome, retargeted, completed }: Examination): JsonObject | undefined {
  return outcome.kind === 'accepted' ? outcome.record : (retargeted ?? completed);
}

type Known = {
  readonly trace: Trace;
  readonly examination: Examination;
  /** By pointer into the completed record. */
  readonly mapped: ReadonlyMap<string, Provenance>;
  readonly record: JsonObject;
};

function originOf(pointer: string, value: JsonValue, known: Known): AttributeOrigin {
  const { trace, examination, mapped, record } = known;
  const { completed = record, retargeted, moved, native, target } = examination;
  const moving = retargeted && retargetingRule(completed, moved, target, pointer, value);
  const provenance = mapped.get(moving?.from ?? pointer);
  const ofMapping = provenance === undefined ? {} : mappingOrigin(trace, provenance);
  if (moving !== undefined) {
    const movedFrom = moving.from === pointer ? {} : { movedFrom: moving.from };
    return { pointer, value, from: 'retargeting', rule: moving.rule, ...movedFrom, ...ofMapping };
  }
  if (provenance !== undefined && isDeepStrictEqual(plainValue(provenance.value), value)) {
    return { pointer, value, from: 'mapping', ...ofMapping };
  }
  // The rule that held when the value came in: a caption may outlive its id's change to 99.
  const isOld = retargeted === undefined || isDeepStrictEqual(atPointer(completed, pointer), value);
  const [then, plan] = isOld && !pointer.startsWith('/observables') ? [completed, native] : [record, target];
  const rule = completionRule(then, plan, pointer, (other) => mapped.has(other));
  return { pointer, value, from: 'engine', rule, ...ofMapping };
}

function mappingOrigin({ mapping: { text, file } }: Trace, { at, reads, through }: Provenance): MappingOrigin {
  const position = (offset: number): Position => positionAt(text, offset, file);
  return {
    at: position(at),
    sources: reads.map(sourceRead),
    through: through.map(({ name, at: set }) => ({ name, at: position(set) })),
  };
}

function sourceRead({ place, value, role }: Read): SourceRead {
  return {
    path: pathText(place),
    ...(place.binding === undefined && { pointer: pointerTo(place.keys) }),
    ...(value !== undefined && { value }),
    role,
  };
}

function outOf({ pointer, value }: Provenance): { pointer: string; why: string } {
  const why =
    value === undefined
      ? 'nothing'
      : value === null
        ? 'null'
        : value === ''
          ? 'empty text'
          : typeof value === 'object'
            ? 'empty'
            : 'no JSON';
  return { pointer, why };
}

/** Where each value of a candidate lies once what counts as nothing is out: items move up. */
function keptPointers(candidate: unknown): Map<string, string> {
  const kept = new Map<string, string>();
  const walk = (value: unknown, before: string, after: string) => {
    if (plainValue(value) === undefined) return;
    if (typeof value !== 'object' || value === null) {
      kept.set(before, after);
      return;
    }
    let index = 0;
    for (const [key, inner] of Object.entries(value)) {
      const place = Array.isArray(value) ? index : key;
      walk(inner, childPointer(before, key), childPointer(after, place));
      if (plainValue(inner) !== undefined) index++;
    }
  };
  walk(candidate, '', '');
  return kept;
}

function valuesIn(value: JsonValue, pointer: string): [string, JsonValue][] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, inner]) => valuesIn(inner, childPointer(pointer, key)));
}

import type { JsonValue } from '../records.ts';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Collection, Collections } from './collection.ts';
import { growingFields } from './collection-changes.ts';
import { durationMs } from './duration-ms.ts';
import type { Change, ChangedFields, SandboxDescription } from './sandbox-description.ts';

/** What was done to one record. */
export type Changed = {
  readonly change: 'appended' | 'updated' | 'deleted';
  readonly collection: string;
  /** From 1. */
  readonly number: number;
  readonly key: JsonValue;
};

/**
 * Changes the data of a running sandbox: one change, several, or those that the description names.
 *
 * @throws CannotRunError sandbox/wrong-value for a name or a number there is not.
 */
export function applyChanges(
  { changes }: SandboxDescription,
  collections: Collections,
  wanted: string | Change | readonly Change[],
  now: Date,
): Changed[] {
  const list = typeof wanted === 'string' ? readText(wanted, changes) : isList(wanted) ? wanted : [wanted];
  return list.flatMap((change) => applyOne(collections, change, now));
}

/** The name of described changes, or `hosts:update:17`, `hosts:delete:17`, `log:append`, `log:append:2h` for a late one. */
function readText(text: string, described: SandboxDescription['changes']): readonly Change[] {
  const named = described[text];
  if (named !== undefined) return named;
  const [collection = '', what = '', how, ...more] = text.split(':');
  if (more.length === 0 && what === 'append') {
    return [{ append: collection, ...(how !== undefined && { late: how }) }];
  }
  const number = Number(how);
  if (more.length === 0 && what === 'update') return [{ update: collection, number }];
  if (more.length === 0 && what === 'delete') return [{ delete: collection, number }];
  const names = Object.keys(described);
  const forms = 'Others are written hosts:update:17, hosts:delete:17, log:append or log:append:2h.';
  const hint = names.length === 0 ? forms : `${didYouMeanHint(text, names)} ${forms}`;
  throw new CannotRunError('sandbox/wrong-value', `The sandbox knows no change "${text}".`, { hint });
}

function applyOne(collections: Collections, change: Change, now: Date): Changed[] {
  if ('append' in change) {
    const collection = find(collections, change.append);
    const fields = { ...lateFields(collection, change.late), ...change.fields };
    const parent = (change.parent ?? 1) - 1;
    return Array.from({ length: change.times ?? 1 }, () => {
      const index = collection.changes.append(fields, now, parent);
      return tell('appended', collection, index);
    });
  }
  const updating = 'update' in change;
  const collection = find(collections, updating ? change.update : change.delete);
  const index = change.number - 1;
  if (!Number.isSafeInteger(index) || !collection.has(index)) {
    throw new CannotRunError(
      'sandbox/wrong-value',
      `The sandbox has no record ${change.number} in ${collection.name}.`,
      {
        hint: `Records are counted from 1; there are ${collection.count()}.`,
      },
    );
  }
  if (updating) collection.changes.update(index, change.fields ?? {}, now);
  const told = tell(updating ? 'updated' : 'deleted', collection, index);
  if (!updating) collection.changes.remove(index);
  return [told];
}

/** Every field that grows says an earlier time than those already read. */
function lateFields({ description, name }: Collection, late: string | undefined): ChangedFields {
  if (late === undefined) return {};
  durationMs(late);
  if (growingFields(description.fields).length === 0) {
    throw new CannotRunError('sandbox/wrong-value', `A record of ${name} cannot be late: it has no field that grows.`, {
      hint: 'Make its time with series, or append it without an age.',
    });
  }
  return Object.fromEntries(growingFields(description.fields).map((name) => [name, { ago: late }]));
}

function tell(change: Changed['change'], collection: Collection, index: number): Changed {
  const key = collection.record(index)[collection.description.key] ?? null;
  return { change, collection: collection.name, number: index + 1, key };
}

function find(collections: Collections, name: string): Collection {
  const collection = collections[name];
  if (collection !== undefined) return collection;
  throw new CannotRunError('sandbox/wrong-value', `The sandbox has no collection "${name}".`, {
    hint: didYouMeanHint(name, Object.keys(collections)),
  });
}

/** Array.isArray does not narrow readonly lists. */
function isList(wanted: Change | readonly Change[]): wanted is readonly Change[] {
  return Array.isArray(wanted);
}

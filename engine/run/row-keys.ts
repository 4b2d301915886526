import type { FetchedPage } from '../fetch/reading.ts';
import type { KeyFile } from '../state/key-file.ts';
import type { StateStore } from '../state/state-store.ts';
import type { SavedKeys } from '../state/stream-state.ts';
import { createSeenKeys } from './seen-keys.ts';

/** Tells which rows of a stream were delivered before: in this reading, and in earlier ones as far as rows may come again. */
export type RowKeys = {
  /** To be called with each page before its first row. */
  begin(page: Pick<FetchedPage, 'span'>): Promise<void>;
  /** Whether the key, told by its hash, is new; from now on it is not. */
  add(hash: bigint): boolean;
  /** Makes the keys durable. */
  save(): Promise<SavedKeys | undefined>;
  close(): Promise<void>;
};

/** Where keys come from and go to. */
export type KeyPlan = {
  readonly store: StateStore;
  /** A new name for the keys of this reading. */
  readonly file: string;
  /** Keys of a reading that is gone on with. All of them count. */
  readonly continued?: SavedKeys | undefined;
  /** Keys of earlier readings. Those count that the span of the first page may bring again. */
  readonly earlier?: SavedKeys | undefined;
  /** The reading goes on where an earlier one was cut short: where no span tells, all its keys count. */
  readonly goesOn: boolean;
};

/** Without a plan keys are only remembered for as long as the run lasts. */
export function createRowKeys(plan?: KeyPlan): RowKeys {
  const seen = createSeenKeys();
  let file: KeyFile | undefined;
  let stamp = 0;
  let begun = false;

  async function load(plan: KeyPlan, from: number | undefined): Promise<void> {
    const { store, continued, earlier, file: name } = plan;
    if (continued !== undefined) {
      for await (const { hash } of store.readKeys(continued)) seen.addHash(hash);
      file = store.openKeys(continued);
      return;
    }
    file = store.openKeys({ file: name, count: 0 });
    // Without the old keys a row in the overlap may be told twice; that is better than to tell none.
    if (earlier === undefined || from === undefined || !(await store.hasKeys(earlier))) return;
    for await (const entry of store.readKeys(earlier)) {
      if (entry.stamp >= from && seen.addHash(entry.hash)) file.append(entry);
    }
  }

  return {
    async begin({ span }) {
      stamp = span === undefined ? 0 : Math.ceil(span.to / 1000);
      if (begun) return;
      begun = true;
      if (plan === undefined) return;
      const all = plan.goesOn ? 0 : undefined;
      await load(plan, span === undefined ? all : Math.floor(span.from / 1000));
    },
    add(hash) {
      if (!seen.addHash(hash)) return false;
      file?.append({ hash, stamp });
      return true;
    },
    async save() {
      if (file === undefined || plan === undefined) return undefined;
      return { file: plan.continued?.file ?? plan.file, count: await file.flush() };
    },
    close: async () => file?.close(),
  };
}

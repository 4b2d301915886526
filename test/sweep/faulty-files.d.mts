/** What {@link faultyFiles} is told, and what it has counted. */
export type FaultState = {
  /** Effects so far. */
  effects: number;
  /** The effect at which to die, counted from 1. */
  dieAt: number;
  /** Die in the middle of it; becomes false where the effect has none. */
  midway: boolean;
  dead: boolean;
  /** Only files under this path. */
  within: string;
  onDeath: () => void;
  random: () => number;
};

export type FaultyFiles = {
  readonly state: FaultState;
  /** Takes the place of the file functions; gives the way back. */
  install(): Promise<() => void>;
  loseUnsynced(): Promise<void>;
  reset(dieAt: number, midway: boolean): void;
};

export function faultyFiles(): FaultyFiles;

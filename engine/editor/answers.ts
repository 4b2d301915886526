/** What an editor is told; places are offsets in the text of the file asked about. */
export type Span = { readonly start: number; readonly end: number };

export type Hover = Span & { readonly markdown: string };

export type Completion = {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'field' | 'function' | 'variable' | 'name';
  /** One line beside the label. */
  readonly detail?: string;
  readonly markdown?: string;
  /** What is written in place of the span; the cursor comes to stand at `caret`, else behind it. */
  readonly insert: string;
  readonly caret?: number;
  /** What is required comes first, then what is recommended. */
  readonly rank?: number;
  /** What the word typed so far is compared with, where it is not the label. */
  readonly filter?: string;
};

export type Completions = Span & { readonly items: readonly Completion[] };

export const noCompletions: Completions = { start: 0, end: 0, items: [] };

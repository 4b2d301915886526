import {
  type CompletionItem,
  CompletionItemKind,
  type Hover as ProtocolHover,
  InsertTextFormat,
  MarkupKind,
  type Range,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Completion, Completions, Hover } from '../../engine/index.ts';

export function toHover(hover: Hover, document: TextDocument): ProtocolHover {
  return { contents: { kind: MarkupKind.Markdown, value: hover.markdown }, range: rangeOf(hover, document) };
}

export function toCompletionItems(
  { items, ...span }: Completions,
  document: TextDocument,
  takesSnippets: boolean,
): CompletionItem[] {
  const range = rangeOf(span, document);
  return items.map(({ label, kind, detail, markdown, insert, caret, rank = 0, filter }): CompletionItem => {
    const isSnippet = takesSnippets && caret !== undefined;
    return {
      label,
      kind: kinds[kind],
      ...(detail !== undefined && { detail }),
      ...(markdown !== undefined && { documentation: { kind: MarkupKind.Markdown, value: markdown } }),
      sortText: `${rank}${label}`,
      ...(filter !== undefined && { filterText: filter }),
      insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: { range, newText: isSnippet ? withCaret(insert, caret) : insert },
    };
  });
}

const kinds = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  field: CompletionItemKind.Field,
  function: CompletionItemKind.Function,
  variable: CompletionItemKind.Variable,
  name: CompletionItemKind.Reference,
} satisfies { [Kind in Completion['kind']]: CompletionItemKind };

/** A snippet takes `$`, `}` and `\` for its own. */
function withCaret(text: string, caret: number): string {
  return `${escaped(text.slice(0, caret))}$0${escaped(text.slice(caret))}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}

function rangeOf({ start, end }: { readonly start: number; readonly end: number }, document: TextDocument): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

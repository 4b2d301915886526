import type { Reason } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Why a stream did not complete, what to do, and what to quote to the vendor. */
export function describeReason(reason: Reason, shown = { hint: true }): string {
  const { message, code, httpStatus, requestId, clientRequestId } = reason;
  const hint = shown.hint ? reason.hint : undefined;
  const facts = [
    ...(httpStatus === undefined ? [] : [`HTTP ${httpStatus}`]),
    code,
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
    ...(clientRequestId === undefined ? [] : [`client request id ${clientRequestId}`]),
  ];
  const paragraphs = [message, ...(hint === undefined ? [] : [hint])].map(paragraph);
  return [...paragraphs, paint('dim', paragraph(facts.join(' · ')))].join('\n');
}

function paragraph(text: string): string {
  return wrap(visible(text), terminalWidth(), '  ');
}

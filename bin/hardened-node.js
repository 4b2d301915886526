/**
 * Loads oclif where Node may generate no code from strings (`--disallow-code-generation-from-strings`).
 *
 * Its template engine asks for the global object by `new Function('return this;')` as it loads. Just that is answered
 * without generating code; anything else is refused as before.
 */
export async function importOclif() {
  const { Function: original } = globalThis;
  globalThis.Function = Object.assign(
    function Function(...texts) {
      return texts.length === 1 && texts[0] === 'return this;' ? () => globalThis : original(...texts);
    },
    { prototype: original.prototype },
  );
  try {
    return await import('@oclif/core');
  } finally {
    globalThis.Function = original;
  }
}

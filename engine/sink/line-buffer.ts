declare const valueType: unique symbol;

/** Values of a type as JSON, one a line, UTF-8. A {@link LineBuffer} makes them, and nothing else. */
export type Lines<Value> = Uint8Array & { readonly [valueType]: Value };

/**
 * Values on their way to a file, encoded one by one into a buffer that is used again and again. One long string, and then
 * its bytes, would take nearly twice the time.
 */
export type LineBuffer<Value> = {
  /** Encodes one more value. */
  add(value: Value): void;
  /** Lines that were encoded elsewhere. */
  addLines(lines: Lines<Value>): void;
  /** All that was added since the last `clear`. They lie in the buffer itself: the next `add` may change them. */
  lines(): Lines<Value>;
  /** Bytes of what was added since the last `clear`. */
  size(): number;
  clear(): void;
};

export function createLineBuffer<Value>(bytes = 64 * 1024): LineBuffer<Value> {
  let buffer: Buffer = Buffer.allocUnsafeSlow(bytes);
  let end = 0;

  function makeRoom(more: number): void {
    if (end + more <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, end + more));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  }

  return {
    add(value) {
      const line = JSON.stringify(value);
      makeRoom(3 * line.length + 1); // no UTF-16 unit takes more than three bytes
      end += buffer.write(line, end);
      buffer[end++] = newline;
    },
    addLines(lines) {
      makeRoom(lines.length);
      buffer.set(lines, end);
      end += lines.length;
    },
    lines: () => buffer.subarray(0, end) as Uint8Array as Lines<Value>, // here the type is given
    size: () => end,
    clear() {
      end = 0;
    },
  };
}

const newline = 0x0a;

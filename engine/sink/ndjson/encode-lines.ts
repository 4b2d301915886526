/**
 * Values as lines of JSON, UTF-8: in `buffer` if they find room there, or else in a larger one, which is the result's
 * own `buffer` and can be given for the next lines. One long string, and then its bytes, would take nearly twice the time.
 */
export function encodeLines(values: readonly unknown[], buffer: Buffer): Buffer {
  let room = buffer;
  let end = 0;
  for (const value of values) {
    const line = JSON.stringify(value);
    const most = end + 3 * line.length + 1; // no UTF-16 unit takes more than three bytes
    if (most > room.length) room = enlarged(room, end, most);
    end += room.write(line, end);
    room[end++] = newline;
  }
  return room.subarray(0, end);
}

const newline = 0x0a;

function enlarged(buffer: Buffer, used: number, least: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, least));
  buffer.copy(larger, 0, 0, used);
  return larger;
}

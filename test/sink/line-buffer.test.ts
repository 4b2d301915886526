import { describe, expect, it } from 'vitest';
import { createLineBuffer } from '../../engine/sink/line-buffer.ts';

describe('a buffer of lines', () => {
  it('grows with its lines, whatever bytes a letter takes', () => {
    const values = ['é', '日本語', '😀'.repeat(20), { half: '\ud83d' }, 'x'.repeat(200)];
    const buffer = createLineBuffer(8);

    for (const value of values) buffer.add(value);

    expect(Buffer.from(buffer.lines()).toString()).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  });

  it('is the same for all lines that find room in it', () => {
    const buffer = createLineBuffer<number>(100);
    buffer.add(1);
    const first = buffer.lines();

    buffer.clear();
    buffer.add(2);

    expect(buffer.lines().buffer).toBe(first.buffer);
    expect(Buffer.from(buffer.lines()).toString()).toBe('2\n');
  });

  it('says how many bytes it holds, so that lines can be picked and put into another', () => {
    const [from, into] = [createLineBuffer<string>(), createLineBuffer<string>(1)];
    from.add('left out');
    const start = from.size();
    from.add('wanted');

    into.add('before');
    into.addLines(from.lines().subarray(start, from.size()) as ReturnType<typeof from.lines>);

    expect(Buffer.from(into.lines()).toString()).toBe('"before"\n"wanted"\n');
  });
});

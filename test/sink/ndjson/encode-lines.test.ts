import { describe, expect, it } from 'vitest';
import { encodeLines } from '../../../engine/sink/ndjson/encode-lines.ts';

describe('lines encoded', () => {
  it('outgrow the buffer they are given, whatever bytes a letter takes', () => {
    const values = ['é', '日本語', '😀'.repeat(20), { half: '\ud83d' }, 'x'.repeat(200)];

    const lines = encodeLines(values, Buffer.alloc(8));

    expect(lines.toString()).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  });

  it('take the buffer they are given, if they find room in it', () => {
    const buffer = Buffer.alloc(100);

    expect(encodeLines([1, 2], buffer).buffer).toBe(buffer.buffer);
  });
});

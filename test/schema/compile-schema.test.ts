import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../engine/schema/compile-schema.ts';

const user = {
  $id: 'https://schemas.invented.example/user.json',
  type: 'object',
  properties: {
    name: { type: 'string' },
    'a/b': { type: 'integer' },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['name'],
  additionalProperties: false,
};

describe('a compiled schema', () => {
  it('gives every violation at once, each with pointer, keyword and value', () => {
    const check = compileSchema(user);

    const violations = check({ 'a/b': 'x', tags: ['one', 2], color: 'red' });

    expect(violations.map(({ keyword, pointer, value }) => ({ keyword, pointer, value }))).toEqual(
      expect.arrayContaining([
        { keyword: 'required', pointer: '', value: { 'a/b': 'x', tags: ['one', 2], color: 'red' } },
        { keyword: 'additionalProperties', pointer: '', value: { 'a/b': 'x', tags: ['one', 2], color: 'red' } },
        { keyword: 'type', pointer: '/a~1b', value: 'x' },
        { keyword: 'type', pointer: '/tags/1', value: 2 },
      ]),
    );
    expect(violations).toHaveLength(4);
  });

  it('gives nothing for a value that keeps the schema, also after one that did not', () => {
    const check = compileSchema(user);
    check(42);

    expect(check({ name: 'Adele' })).toEqual([]);
  });

  it('follows references into related schemas', () => {
    const check = compileSchema(
      { $id: 'https://schemas.invented.example/team.json', type: 'array', items: { $ref: 'user.json' } },
      [user],
    );

    expect(check([{ name: 'Adele' }, {}])).toMatchObject([{ pointer: '/1', keyword: 'required' }]);
  });

  it('lets annotations of ours stand, and forbids nothing by them', () => {
    const annotated = {
      type: 'object',
      properties: {
        token: { type: 'string', title: 'Token', help: 'From the portal.', secret: true, traps: [], 'x-order': 1 },
      },
    };

    expect(compileSchema(annotated)({ token: 'abc' })).toEqual([]);
  });

  it('checks formats', () => {
    const check = compileSchema({ type: 'string', format: 'uri' });

    expect(check('not an address')).toMatchObject([{ keyword: 'format' }]);
  });

  it('understands draft-07, where a schema says so', () => {
    const check = compileSchema({
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { port: { type: 'integer', maximum: 65535 } },
      $ref: '#/definitions/port',
    });

    expect(check(70000)).toMatchObject([{ keyword: 'maximum' }]);
  });

  it('throws on a slip of the pen in the schema itself', () => {
    expect(() => compileSchema({ type: 'object', requierd: ['name'] })({})).toThrow(/requierd/);
  });

  it('tells one pattern from another', () => {
    const check = compileSchema({
      type: 'object',
      properties: { letters: { type: 'string', pattern: '^[a-z]+$' }, digits: { type: 'string', pattern: '^[0-9]+$' } },
    });

    expect(check({ letters: 'abc', digits: '123' })).toEqual([]);
    expect(check({ letters: '123', digits: 'abc' }).map(({ pointer }) => pointer)).toEqual(['/letters', '/digits']);
  });

  it('finds that a text which exhausts a pattern does not match it', () => {
    const check = compileSchema({ type: 'string', pattern: '^(([a-z]|[a-z][a-z-]*[a-z])[.])*[a-z]$' });

    expect(check('a.'.repeat(5_000_000))).toMatchObject([{ keyword: 'pattern' }]);
  });

  it('stays quick when thousands of items are wrong', () => {
    const check = compileSchema({ type: 'array', items: { type: 'string' } });

    expect(check(Array.from({ length: 20_000 }, (_, index) => index))).toHaveLength(20_000);
  });
});

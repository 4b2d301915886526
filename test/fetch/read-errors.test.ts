import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorReading, ErrorRule } from '../../engine/descriptor/descriptor.ts';
import { readError, type VendorError } from '../../engine/fetch/read-errors.ts';

const name = 'GET https://api.example/v1/users';

const rules: readonly ErrorRule[] = [
  { code: ['Outer_General'], means: 'failed', message: 'Something general.', hint: 'Look around.' },
  { code: ['Inner_Licence'], means: 'unlicensed', message: 'No licence in {tenantId}.', hint: 'Buy {product}.' },
  { status: [403], code: ['Denied', ''], means: 'denied', message: 'No rights.', hint: 'Grant them.' },
  { code: ['7001'], means: 'denied', message: 'The secret is wrong.', hint: 'Make a new one.' },
  { messagePattern: 'token .* expired', means: 'expired-page-token', message: 'Too slow.', hint: 'Be quicker.' },
  { status: [409], means: 'retry', message: 'Busy.', hint: 'Wait.' },
];

const reading: ErrorReading = {
  codePointers: ['/error/*/code', '/codes'],
  messagePointers: ['/error/message'],
  failedWhen: [],
  requestIdPointers: ['/error/*/request-id'],
  rules,
};

function read(
  status: number,
  body: unknown,
  more: { headers?: Record<string, string>; secrets?: string[] } = {},
): VendorError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status, headers: more.headers ?? {}, body: Buffer.from(text), receivedAt: new Date() };
  const fill = (template: string): string =>
    template.replace('{tenantId}', 'Tailspin').replace('{product}', 'the big one');
  return readError(answer, {
    reading,
    requestName: name,
    fill,
    secrets: more.secrets ?? [],
    requestIdHeader: 'Request-Id',
  });
}

describe('an error that no rule knows', () => {
  it.each([
    [400, 'failed', 'fetch/bad-request'],
    [401, 'denied', 'fetch/unauthorized'],
    [403, 'denied', 'fetch/permission-denied'],
    [404, 'failed', 'fetch/not-found'],
    [405, 'failed', 'fetch/bad-request'],
    [408, 'failed', 'fetch/unavailable'],
    [410, 'retired', 'fetch/retired'],
    [418, 'failed', 'fetch/bad-request'],
    [429, 'failed', 'fetch/throttled'],
    [500, 'failed', 'fetch/unavailable'],
    [503, 'failed', 'fetch/unavailable'],
    [509, 'failed', 'fetch/unavailable'],
    [304, 'failed', 'fetch/bad-request'],
  ])('of %i means %s, %s', (status, means, code) => {
    const error = read(status, '');

    expect(error).toMatchObject({ means, code, ruled: false, httpStatus: status });
  });

  it('is told in a sentence with the address, the status and what to do', () => {
    const error = read(403, { error: { code: 'Nope', message: 'You  may\r\nnot.' } });

    expect(error.message).toBe(
      `The source refuses this to our credentials. ${name} answered 403, Nope: “You may not.”.`,
    );
    expect(error.hint).toContain('Grant the permissions');
  });

  it('may have an empty body', () => {
    expect(read(500, '').message).toBe(`The source has trouble of its own. ${name} answered 500 with an empty body.`);
  });

  it('may be a page for people', () => {
    expect(read(502, '<html><body>Bad gateway</body></html>').message).toContain('answered 502 with an HTML page.');
  });

  it('may have a code that is empty', () => {
    const error = read(403, { error: { code: '', message: '' } });

    expect(error.vendorCode).toBeUndefined();
    expect(error.message).toContain('answered 403.');
  });

  it('is read from any body without failing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const { message, hint } = read(status, body);
        return message.includes(String(status)) && !message.includes('\n') && hint !== '';
      }),
    );
  });
});

describe('what the source says', () => {
  it('is shortened', () => {
    const { message } = read(400, { error: { message: 'long '.repeat(200) } });

    expect(message.length).toBeLessThan(450);
    expect(message).toContain('…');
  });

  it('loses our secrets, tokens and query strings', () => {
    const said =
      'Key hush+hush, hush%2Bhush, token eyJhbGciOi.eyJhdWQi.c2ln at https://api.example/x?skip=abc&sig=1 failed';

    const { message } = read(400, { error: { message: said } }, { secrets: ['hush+hush'] });

    expect(message).toContain('“Key ***, ***, token *** at https://api.example/x?… failed”');
  });

  it('loses what would disturb a terminal', () => {
    expect(read(400, { error: { message: '\u001b[31mred\u202e' } }).message).toContain('“[31mred”');
  });
});

describe('a rule', () => {
  it('gives meaning, message and hint, with placeholders filled', () => {
    const error = read(403, { error: { code: 'Inner_Licence', message: 'B2C.' } });

    expect(error).toMatchObject({
      means: 'unlicensed',
      code: 'fetch/unlicensed',
      ruled: true,
      vendorCode: 'Inner_Licence',
    });
    expect(error.message).toBe(`No licence in Tailspin. ${name} answered 403, Inner_Licence: “B2C.”.`);
    expect(error.hint).toBe('Buy the big one.');
  });

  it('for an inner code goes before one for the code around it', () => {
    const body = {
      error: { code: 'Outer_General', innerError: { code: 'Unheard', innererror: { code: 'Inner_Licence' } } },
    };

    expect(read(403, body).vendorCode).toBe('Inner_Licence');
  });

  it('for the outer code is used when the inner one is unknown', () => {
    const body = { error: { code: 'Outer_General', innerError: { code: 'Unheard' } } };

    expect(read(400, body)).toMatchObject({
      vendorCode: 'Outer_General',
      message: expect.stringContaining('Something general') as string,
    });
  });

  it('knows codes that are numbers in a list', () => {
    expect(read(401, { codes: [1, 7001] })).toMatchObject({
      means: 'denied',
      code: 'fetch/unauthorized',
      vendorCode: '7001',
    });
  });

  it('does not fit when only the code does', () => {
    expect(read(400, { error: { code: 'Denied' } })).toMatchObject({ ruled: false, means: 'failed' });
  });

  it('may go by the words of the message', () => {
    const error = read(400, { error: { message: 'the token abc has expired' } });

    expect(error).toMatchObject({ means: 'expired-page-token', code: 'fetch/expired-page-token' });
  });

  it('may go by the status alone', () => {
    expect(read(409, '')).toMatchObject({ means: 'retry', code: 'fetch/unavailable' });
  });

  it('that calls a 403 failed does not call it denied after all', () => {
    expect(read(403, { error: { code: 'Outer_General' } })).toMatchObject({
      means: 'failed',
      code: 'fetch/bad-request',
    });
  });

  it('that calls a 401 failed still says that the token was refused', () => {
    expect(read(401, { error: { code: 'Outer_General' } })).toMatchObject({
      means: 'failed',
      code: 'fetch/unauthorized',
    });
  });

  it('for the empty code fits an answer that names an empty one and no other', () => {
    expect(read(403, { error: { code: '' } })).toMatchObject({ ruled: true, hint: 'Grant them.' });
    expect(read(403, { error: { code: '' } }).message).toBe(`No rights. ${name} answered 403.`);
    expect(read(403, { error: { code: '', innerError: { code: 'Unheard' } } }).ruled).toBe(false);
    expect(read(403, '<html>').ruled).toBe(false);
  });
});

describe('the id of the request', () => {
  it('is taken from the header, else from the body', () => {
    const body = { error: { innerError: { 'request-id': 'from-body' } } };

    expect(read(500, body, { headers: { 'request-id': 'from-header' } }).requestId).toBe('from-header');
    expect(read(500, body).requestId).toBe('from-body');
    expect(read(500, '').requestId).toBeUndefined();
  });
});

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Asked, askNewIntegration, type CheckAnswer } from '../../bin/ask-new-integration.ts';

const choices = {
  auth: [
    { name: 'none', meaning: 'No authorisation.' },
    { name: 'bearer', meaning: 'A token.' },
  ],
  pagination: [
    { name: 'cursor', meaning: '' },
    { name: 'offset', meaning: '' },
  ],
  classes: [
    { name: 'user_inventory', meaning: 'User Inventory Info' },
    { name: 'detection_finding', meaning: 'Detection Finding' },
  ],
  ocsfVersion: '1.5.0',
  operations: [],
};

const enter = '\r';
const ctrlC = '\u0003';

describe('the questions of a new integration', () => {
  it('end on Ctrl-C without an answer', async () => {
    const { answer } = ask({}, { Vendor: ctrlC });

    await expect(answer).rejects.toMatchObject({ name: 'ExitPromptError' });
  });

  it('are asked again where the answer cannot be taken, with the reason', async () => {
    const check: CheckAnswer = ({ baseUrl }) =>
      Promise.resolve(baseUrl === 'https://api.acme.example' || baseUrl === undefined ? true : 'That is no address.');
    const { answer, seen } = ask(
      {},
      { 'Base URL': `x${enter}`, 'That is no address': `\u0015https://api.acme.example${enter}` },
      check,
    );

    expect((await answer).baseUrl).toBe('https://api.acme.example');
    expect(seen()).toContain('That is no address.');
  });

  it('propose an answer each, which Enter takes', async () => {
    const { answer } = ask({}, {});

    expect(await answer).toEqual({
      vendor: 'Acme',
      product: 'Acme',
      baseUrl: 'https://api.acme-people.example',
      auth: 'bearer',
      stream: 'people',
      path: '/people',
      pagination: 'cursor',
      ocsfClass: 'user_inventory',
    });
  });

  it('leave out what has been said', async () => {
    const said = {
      vendor: 'Globex',
      product: 'Globex',
      auth: 'none',
      stream: 'alerts',
      ocsfClass: 'detection_finding',
    };
    const { answer, seen } = ask(said, {});

    expect(await answer).toMatchObject({ ...said, path: '/alerts' });
    expect(seen()).not.toMatch(/Vendor|authorised|class/);
  });
});

/** Asks at a terminal that types the given keys when a question's words appear, and Enter otherwise. */
function ask(
  said: Asked,
  keys: { readonly [words: string]: string },
  check: CheckAnswer = () => Promise.resolve(true),
) {
  const input = new PassThrough();
  // Each question pipes into it and ends it, as a terminal cannot be ended.
  const output = new PassThrough();
  output.end = () => output;
  const questions = [
    'Vendor',
    'Product',
    'Base URL',
    'authorised',
    'First stream',
    'Its path',
    'from page',
    'class of',
  ];
  const left = [
    ...questions.filter((words) => !(words in keys)).map((words) => [words, enter]),
    ...Object.entries(keys),
  ];
  let screen = '';
  output.on('data', (text: Buffer) => {
    screen += text.toString();
    const index = left.findIndex(([words = '']) => text.toString().includes(words));
    if (index === -1) return;
    const [[, typed = ''] = []] = left.splice(index, 1);
    setImmediate(() => input.write(typed));
  });
  return { answer: askNewIntegration('acme-people', said, choices, check, { input, output }), seen: () => screen };
}

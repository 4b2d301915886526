import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type NewIntegration,
  newIntegration,
  newIntegrationChoices,
  previewStream,
  runCases,
  validateIntegration,
} from '../../engine/index.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';

const nowhere = join(schemasDir, 'nowhere');
const { auth, pagination, classes } = await newIntegrationChoices({ name: 'acme', dir: nowhere, schemasDir });

/** Whatever the engine learns is offered, so every kind is tried with every other; the classes take turns. */
const tried = ['user_inventory', 'inventory_info', 'authentication', 'detection_finding', 'base_event', 'api_activity'];
const matrix = auth.flatMap((one, row) =>
  pagination.map((other, column) => [one.name, other.name, tried[(row + column) % tried.length] ?? ''] as const),
);

describe('a new integration', () => {
  it('is refused where a folder of that name is, and leaves it as it was', async () => {
    const dir = await scratchFolder();
    await mkdir(join(dir, 'acme'));
    await writeFile(join(dir, 'acme', 'notes.txt'), 'mine');

    await expect(newIntegration({ name: 'acme', dir, schemasDir })).rejects.toMatchObject({ code: 'new/exists' });

    expect(await readdir(join(dir, 'acme'))).toEqual(['notes.txt']);
    expect(await readdir(dir)).toEqual(['acme']);
  });

  it.each([
    ['Acme_Directory', 'acme-directory'],
    ['../acme', 'acme'],
    ['9 lives', 'lives'],
    ['MüllerAlerts', 'mu-ller-alerts'],
  ])('cannot be named %s, and %s is proposed', async (name, proposed) => {
    const refused = newIntegration({ name, dir: await scratchFolder(), schemasDir });

    await expect(refused).rejects.toMatchObject({ code: 'new/bad-name', hint: containing(`"${proposed}"`) });
  });

  it.each([
    [{ auth: 'berer' }, 'new/unknown-choice', 'Did you mean "bearer"?'],
    [{ pagination: 'cursr' }, 'new/unknown-choice', 'Did you mean "cursor"?'],
    [{ ocsfClass: 'user_inventry' }, 'descriptor/unknown-class', 'Did you mean "user_inventory"?'],
    [{ ocsfVersion: '1.5' }, 'descriptor/unknown-class', 'There are 1.1.0'],
    [{ stream: 'People' }, 'new/bad-name', '"people"'],
    [{ baseUrl: 'http://api.acme.example' }, 'new/bad-address', 'https://'],
    [{ baseUrl: 'https://api.acme.example?key=x' }, 'new/bad-address', 'without a query'],
  ])('with %j is refused with a hint, and nothing is written', async (answers, code, hint) => {
    const dir = await scratchFolder();

    const refused = newIntegration({ name: 'acme', dir, schemasDir, ...answers });

    await expect(refused).rejects.toMatchObject({ code, hint: containing(hint) });
    expect(await readdir(dir)).toEqual([]);
  });

  it.each(matrix)(
    'with %s and %s, as %s, is valid and passes its case at once',
    async (auth, pagination, ocsfClass) => {
      const made = await create({ auth, pagination, ocsfClass });

      expect(made.issues).toEqual([]);
      expect(made.cases).toMatchObject([{ passed: true, differences: [] }]);
      expect(made.files.filter((file) => file.includes('expected'))).toEqual([
        `cases/people/${made.streams[0]?.case ?? ''}/expected.json`,
      ]);
    },
  );

  it.each(['1.1.0', '1.3.0', '1.8.0'])('is valid in OCSF %s too', async (ocsfVersion) => {
    const made = await create({ ocsfVersion, ocsfClass: 'vulnerability_finding' });

    expect(made.issues).toEqual([]);
    expect(made.cases).toMatchObject([{ passed: true }]);
  });

  it('offers the recommended attributes so that each works once it is out of its comment', async () => {
    const { folder } = await create({ ocsfClass: 'detection_finding' });
    const path = join(folder, 'mappings', 'people.jsonata');
    const text = await readFile(path, 'utf8');
    const taken = text.replace(/^ {4}\/\* ("\w+": .*,) \*\/$/gm, '    $1');
    await writeFile(path, taken);
    const places = { integrationsDirs: [dirname(folder)], schemasDir };

    const { issues } = await validateIntegration(places, 'acme');
    const [first] = await previewed(folder);

    expect(taken.length).toBeLessThan(text.length - 50);
    expect(issues).toEqual([]);
    expect(first?.issues).toEqual([]);
    expect(first?.record).toMatchObject({ status_id: 0, confidence_id: 0 });
  });

  it('gives the fields it is sure of a home, keeps the others under unmapped, and leaves the engine its own', async () => {
    const { folder } = await create({});

    const [whole, sparse] = await previewed(folder);

    expect(whole?.record).toMatchObject({
      class_uid: 5003,
      activity_name: 'Collect',
      time: Date.parse('2026-03-04T05:06:07Z'),
      user: { uid: 'a-1', name: 'Nora Quist', email_addr: 'nora@acme.example' },
      unmapped: { team: 'Blue' },
    });
    expect(sparse?.record).toMatchObject({ user: { uid: 'a-2', name: 'Li Wei' } });
  });

  it('lays out each required and recommended attribute of the class with its ids and captions', async () => {
    const { folder } = await create({ ocsfClass: 'authentication' });

    const mapping = await readFile(join(folder, 'mappings', 'people.jsonata'), 'utf8');

    expect(mapping).toContain(
      '/* Status ID (integer_t): 0 Unknown, 1 Success, 2 Failure, 99 Other. */\n    /* "status_id": 0, */',
    );
    for (const name of ['activity_id', 'severity_id', 'time', 'user'])
      expect(mapping).toMatch(new RegExp(`^    "${name}": `, 'm'));
    for (const name of ['is_mfa', 'session', 'src_endpoint'])
      expect(mapping).toMatch(new RegExp(`^    /\\* "${name}": `, 'm'));
  });

  it('takes every answer as it is given, whatever YAML would make of it', async () => {
    const made = await create({
      vendor: 'Ärger & Söhne: "no" #1',
      product: 'on',
      baseUrl: 'https://api.acme.example/v2',
      stream: 'audit-events',
      path: 'audit/events?kind=a,b&limit=50',
    });
    const text = await readFile(join(made.folder, 'integration.yaml'), 'utf8');
    const places = { integrationsDirs: [dirname(made.folder)], schemasDir };

    const [record] = await previewed(made.folder, 'audit-events');

    expect((await validateIntegration(places, 'acme')).issues).toEqual([]);
    expect(record?.record).toMatchObject({
      metadata: { product: { vendor_name: 'Ärger & Söhne: "no" #1', name: 'on' } },
    });
    expect(text).toContain('path: /audit/events?kind=a,b&limit=50');
    expect(await runCases({ places })).toMatchObject([{ passed: true }]);
  });

  it('names only hosts of its own or under .example', async () => {
    const { folder, files } = await create({ auth: 'oauth2-client-credentials' });

    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));

    const hosts = texts.flatMap((text) => [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host));
    expect(hosts.length).toBeGreaterThanOrEqual(2);
    expect(hosts.filter((host) => !host.endsWith('.example') && host !== 'json-schema.org')).toEqual([]);
  });
});

describe('the modeline of a new descriptor', () => {
  it('leads to the schema of the package that the repository has installed', async () => {
    const root = await scratchFolder();
    const schema = join(root, 'node_modules', 'sluice', 'schemas', 'descriptor.schema.json');
    await mkdir(dirname(schema), { recursive: true });
    await writeFile(schema, '{}');

    expect(await modeline(join(root, 'feeds', 'of', 'ours'))).toBe(schema);
  });

  it('leads to where an install would put it, where there is none yet', async () => {
    const root = await scratchFolder();
    await writeFile(join(root, 'package.json'), '{}');

    const schema = join(root, 'node_modules', 'sluice', 'schemas', 'descriptor.schema.json');
    expect(await modeline(join(root, 'feeds', 'of', 'ours'))).toBe(schema);
  });
});

describe('the choices', () => {
  it('hold no class that OCSF has deprecated', () => {
    const names = classes.map(({ name }) => name);

    expect(names).toContain('detection_finding');
    expect(names).not.toContain('security_finding');
  });
});

type Answers = Partial<Parameters<typeof newIntegration>[0]>;

async function create(answers: Answers): Promise<NewIntegration> {
  return newIntegration({ name: 'acme', dir: await scratchFolder(), schemasDir, ...answers });
}

/** A text that holds the words; vitest's own matchers are typed `any`. */
function containing(words: string): unknown {
  return expect.stringContaining(words);
}

function previewed(folder: string, stream = 'people') {
  return previewStream({
    places: { integrationsDirs: [dirname(folder)], schemasDir },
    integration: 'acme',
    stream,
    sourceFile: join(folder, 'cases', stream, 'whole-and-sparse', 'source.json'),
    pace: false,
  });
}

/** Where the first line of a new descriptor in that folder leads to. */
async function modeline(dir: string): Promise<string> {
  const { folder } = await newIntegration({ name: 'acme', dir, schemasDir });
  const [first = ''] = (await readFile(join(folder, 'integration.yaml'), 'utf8')).split('\n');
  return join(folder, first.replace('# yaml-language-server: $schema=', ''));
}

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillDefaults, type RawDescriptor } from '../../engine/descriptor/fill-defaults.ts';
import { operatorGuide } from '../../engine/guide/operator-guide.ts';
import { listIntegrations, readGuide } from '../../engine/index.ts';

const root = join(import.meta.dirname, '../..');
const places = { integrationsDirs: [join(root, 'integrations')], schemasDir: join(root, 'schemas') };
const shipped = await listIntegrations(places);

const acme: RawDescriptor = {
  formatVersion: 1,
  name: 'acme',
  title: 'Acme Directory',
  summary: 'The people of an Acme directory.',
  product: { vendorName: 'Acme', name: 'Directory' },
  ocsf: { version: '1.5.0' },
  connection: {
    required: ['token'],
    properties: {
      token: { title: 'API token', secret: true, help: 'Settings, API | New token.' },
      portal: {
        title: 'Portal',
        default: 'eu',
        choices: { eu: { title: 'EU', sets: { address: 'https://eu.example' } } },
      },
      address: { title: 'Address' },
    },
  },
  baseUrl: '{address}',
  auth: { kind: 'bearer', token: '{token}' },
  permissions: { 'people:read': { why: 'Opens people.' } },
  streams: {
    people: { summary: 'One record a person.', path: '/people', class: 'user_inventory', permissions: ['people:read'] },
  },
};

function guide(raw: Partial<RawDescriptor> = {}, setup = {}): string {
  const classes = new Map([['user_inventory', { uid: 5003, caption: 'User Inventory Info' }]]);
  return operatorGuide(fillDefaults({ ...acme, ...raw }, {}, new Map(), setup), classes);
}

describe("an operator's guide", () => {
  it('says how a stream is asked, by its method and path', () => {
    const exported = { summary: 'One record a person.', path: '/exports', body: { json: {} }, class: 'user_inventory' };

    const text = guide({ streams: { ...acme.streams, exports: exported } });

    expect(text).toContain('- asks: `GET /people`');
    expect(text).toContain('- asks: `POST /exports`');
  });

  it('names streams with their class, and every property with what it takes', () => {
    expect(guide()).toContain('| [people](#people) | User Inventory Info (5003) | on | `people:read` |');
    expect(guide()).toContain('| `token` | API token. Settings, API \\| New token. | yes | secret |');
    expect(guide()).toContain('token: { env: SLUICE_TOKEN }');
  });

  it('names every class of a stream that gives several', () => {
    const log = { summary: 'One record an event.', path: '/log', dispatch: { field: '/event' } };
    const tables = new Map([['log', { user_inventory: ['user.*'] }]]);
    const classes = new Map([['user_inventory', { uid: 5003, caption: 'User Inventory Info' }]]);
    const text = operatorGuide(fillDefaults({ ...acme, streams: { log } }, {}, new Map(), {}, tables), classes);

    expect(text).toContain('| [log](#log) | User Inventory Info (5003), base_event | on |');
  });

  it('walks through the set-up, with the permissions where a step shows them', () => {
    const steps = [
      {
        title: 'Make a token',
        text: 'In {address}, press New. Keep it as {token}.\n\nThen wait.',
        table: 'permissions',
      },
    ];

    const text = guide({}, { prerequisites: ['A paid plan.'], steps, gaps: ['No groups.'] });

    expect(text).toContain('### Prerequisites\n\n- A paid plan.');
    expect(text).toContain(
      '### 1. Make a token\n\nIn https://eu.example, press New. Keep it as {token}.\n\nThen wait.',
    );
    expect(text.match(/\| `people:read` \| application \| Opens people\. \| people \|/g)).toHaveLength(1);
    expect(text).toContain('### 2. Configure');
    expect(text).toContain('## Known gaps\n\n- No groups.');
  });

  it('shows the permissions by itself where no step does', () => {
    expect(guide()).toContain('### Permissions\n\n| permission | type | why | opens |');
  });
});

describe.each(shipped.map(({ folder }) => [basename(folder), folder] as const))('the guide of %s', (_, folder) => {
  it('is committed as the descriptor makes it (sluice docs --write)', async () => {
    const { markdown, file, committed } = await readGuide(places, folder);

    expect(committed).toBe('current');
    expect(await readFile(file, 'utf8')).toBe(markdown);
  });

  it('has every chapter an operator asks for', async () => {
    const { markdown } = await readGuide(places, folder);

    const chapters = [...markdown.matchAll(/^##+ (?:\d+\. )?(.+)$/gm)].map((match) => match[1]);
    for (const chapter of [
      'Overview',
      'What each stream gives',
      'Prerequisites',
      'Configure',
      'Troubleshooting',
      'Limits',
    ])
      expect(chapters).toContain(chapter);
  });
});

import { describe, expect, it } from 'vitest';
import type { Stream } from '../../engine/index.ts';
import { beyondNeed, standingOf } from '../../engine/permissions/standing.ts';
import type { Access } from '../../engine/permissions/vendor-catalogue.ts';

const devices: Access = {
  application: { least: ['Devices.Read'], any: ['Devices.Read', 'Devices.Write', 'Directory.Read'] },
};

function stream(permissions: readonly string[], grant: Stream['grant'] = 'application'): Stream {
  return {
    name: 'devices',
    title: 'Devices',
    summary: 'One record a device.',
    default: 'on',
    eventCode: 'devices',
    records: { kind: 'body' },
    pagination: { kind: 'single-page' },
    permissions,
    grant,
    availableWhen: {},
    primaryKey: [],
    drop: {},
    mapping: 'devices.jsonata',
    ocsf: { version: '1.5.0', class: 'inventory_info', profiles: [] },
  };
}

describe('how a token stands to a stream', () => {
  it('lacks what the stream needs', () => {
    expect(standingOf(stream(['Devices.Read']), devices, ['Mail.Read'])).toEqual({
      openedBy: [],
      missing: ['Devices.Read'],
    });
  });

  it('lacks nothing where the vendor says that something larger opens the path', () => {
    expect(standingOf(stream(['Devices.Read']), devices, ['Mail.Read', 'Directory.Read'])).toEqual({
      openedBy: ['Directory.Read'],
      missing: [],
    });
  });

  it('does not make up for a permission that the path itself does not ask for', () => {
    expect(standingOf(stream(['Devices.Read', 'Logs.Read']), devices, ['Directory.Read']).missing).toEqual([
      'Logs.Read',
    ]);
  });

  it('goes by the descriptor where the vendor tells nothing', () => {
    expect(standingOf(stream(['Devices.Read', 'Logs.Read']), undefined, ['Directory.Read', 'Logs.Read'])).toEqual({
      openedBy: ['Logs.Read'],
      missing: ['Devices.Read'],
    });
  });

  it('is nothing that a grant could change where only users may ask', () => {
    expect(standingOf(stream(['Devices.Read'], 'delegated'), {}, ['Devices.Read'])).toEqual({
      openedBy: [],
      missing: [],
    });
  });
});

describe('what is granted beyond need', () => {
  it('is what no stream asks for', () => {
    expect(beyondNeed([stream(['Devices.Read'])], ['Devices.Read', 'Mail.Read'])).toEqual(['Mail.Read']);
  });

  it('is also what is asked for only where no grant helps', () => {
    expect(beyondNeed([stream(['Devices.Read'], 'delegated')], ['Devices.Read'])).toEqual(['Devices.Read']);
  });
});

import { describe, expect, it } from 'vitest';
import type { AttributePlan } from '../../engine/ocsf/class-plan.ts';
import { deriveObservables } from '../../engine/ocsf/derive-observables.ts';
import { firstSpot, mostSpots, spotIn } from '../../engine/ocsf/observable-spot.ts';
import { prepareClass } from '../../engine/ocsf/prepare-class.ts';
import type { JsonObject } from '../../engine/records.ts';
import { schemasDir } from './examples.ts';

describe('observables', () => {
  it('are left out where there is nothing to observe', async () => {
    expect(await derive({ device: { name: 'DESKTOP-A1' } })).toEqual([]);
  });

  it('come by type, by name, and by object, in the order of the record', async () => {
    const device = {
      hostname: 'desktop-a1',
      hw_info: { serial_number: 'SN-1' },
      ip: '192.0.2.7',
      owner: { uid: 'u-1', name: 'adele' },
    };

    expect(await derive({ device })).toEqual([
      { name: 'device.hostname', type: 'Hostname', type_id: 1, value: 'desktop-a1' },
      { name: 'device.hw_info.serial_number', type: 'Serial Number', type_id: 37, value: 'SN-1' },
      { name: 'device.ip', type: 'IP Address', type_id: 2, value: '192.0.2.7' },
      { name: 'device.owner.name', type: 'User Name', type_id: 4, value: 'adele' },
      { name: 'device.owner.uid', type: 'User Object: uid', type_id: 31, value: 'u-1' },
    ]);
  });

  it('are one for each item of a list, under a path without index, and one for equal items', async () => {
    const groups = [{ name: 'Staff' }, { name: 'Guests' }, { name: 'Staff' }];

    expect(await derive({ device: { groups } })).toEqual([
      { name: 'device.groups.name', type: 'Group Object: name', type_id: 32, value: 'Staff' },
      { name: 'device.groups.name', type: 'Group Object: name', type_id: 32, value: 'Guests' },
    ]);
  });

  it('write numbers as text', async () => {
    const record = { actor: { process: { pid: 4711 } } };

    expect(await derive(record)).toEqual([
      { name: 'actor.process.pid', type: 'Process ID', type_id: 15, value: '4711' },
    ]);
  });

  it('are only what the release has: the uid of a device from 1.6 on, that of a user from 1.4 on', async () => {
    const device = { uid: 'd-1', owner: { uid: 'u-1' } };

    expect((await derive({ device }, '1.1.0')).map(typeId)).toEqual([]);
    expect((await derive({ device }, '1.5.0')).map(typeId)).toEqual([31]);
    expect((await derive({ device }, '1.8.0')).map(typeId)).toEqual([31, 47]);
  });

  it('do not come from metadata, enrichments or unmapped', async () => {
    const record = {
      metadata: { product: { url_string: 'https://source.example' } },
      enrichments: [{ name: 'device.name', value: 'x', data: 1, src_url: 'https://informant.example' }],
      unmapped: { hostname: 'desktop-a1' },
    };

    expect(await derive(record)).toEqual([]);
  });

  it('tell a value that several items share once, and each of the others', async () => {
    const device = {
      network_interfaces: [
        { ip: '192.0.2.7', hostname: 'a1' },
        { ip: '192.0.2.8', hostname: 'a1' },
        { ip: '192.0.2.7', hostname: 'a2' },
      ],
      ip: '192.0.2.7',
      hostname: 'a1',
    };

    expect((await derive({ device })).map(({ name, value }) => [name, value])).toEqual([
      ['device.hostname', 'a1'],
      ['device.ip', '192.0.2.7'],
      ['device.network_interfaces.hostname', 'a1'],
      ['device.network_interfaces.ip', '192.0.2.7'],
      ['device.network_interfaces.ip', '192.0.2.8'],
      ['device.network_interfaces.hostname', 'a2'],
    ]);
  });

  it('keep what the mapping gave, and add the rest without doubles', async () => {
    const own = [
      { name: 'device', type_id: 20 },
      { name: 'device.ip', type_id: 2, value: '192.0.2.7', type: 'IP Address' },
    ];

    expect(await derive({ device: { ip: '192.0.2.7', hostname: 'a1' }, observables: own })).toEqual([
      ...own,
      { name: 'device.hostname', type: 'Hostname', type_id: 1, value: 'a1' },
    ]);
  });
});

describe('the spots of a class', () => {
  it('are remembered, but no more of them than have room; beyond that their names are still right', async () => {
    const { plan } = await prepareClass(schemasDir, '1.5.0', 'inventory_info', []);
    const device = plan.shape.byName.get('device') as AttributePlan; // the class has it
    const first = firstSpot();
    let last = first;

    for (let number = 0; number <= mostSpots; number++) last = spotIn(last, device);

    expect(spotIn(first, device)).toBe(spotIn(first, device));
    expect(first.census.spots).toBe(mostSpots);
    expect(spotIn(last, device)).not.toBe(spotIn(last, device));
    expect(spotIn(last, device).name).toBe(
      Array(mostSpots + 2)
        .fill('device')
        .join('.'),
    );
  });
});

async function derive(record: JsonObject, version = '1.5.0') {
  const { plan } = await prepareClass(schemasDir, version, 'inventory_info', []);
  const { observables } = deriveObservables(record, plan);
  return (observables ?? []) as JsonObject[]; // a list of objects, or nothing
}

function typeId(observable: JsonObject) {
  return observable.type_id;
}

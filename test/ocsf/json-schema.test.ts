import { describe, expect, it } from 'vitest';
import { classSchema, objectsSchema, profileSet, typeSchema } from '../../engine/ocsf/json-schema.ts';
import { loadRelease } from '../../engine/ocsf/release.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { schemasDir } from './examples.ts';

describe('the JSON Schema of a class', () => {
  it('leaves out the attributes of profiles that are not declared', async () => {
    const without = await schemasOf('1.5.0', 'user_inventory', []);
    const withCloud = await schemasOf('1.5.0', 'user_inventory', ['cloud']);

    expect(without.class).not.toHaveProperty('properties.cloud');
    expect(withCloud.class).toHaveProperty('properties.cloud');
    expect(withCloud.class.required).toContain('cloud');
  });

  it('carries release and profiles in its id, and refers to the objects of the same set', async () => {
    const { class: schema } = await schemasOf('1.8.0', 'inventory_info', ['linux/linux_users', 'cloud']);

    const name = 'inventory_info+cloud+linux_linux_users.schema.json';
    expect(schema.$id).toBe(`https://schemas.sluice.example/ocsf/1.8.0/${name}`);
    expect(schema).toHaveProperty(
      ['properties', 'device', '$ref'],
      'objects+cloud+linux_linux_users.schema.json#/$defs/device',
    );
  });

  it('keeps what is required beside a constraint', async () => {
    const release = await loadRelease(schemasDir, '1.5.0');
    const { $defs } = objectsSchema({ release, objects: release.objects }, []) as { $defs: Record<string, unknown> };

    expect($defs.product).toMatchObject({ anyOf: [{ required: ['name'] }, { required: ['uid'] }] });
    expect($defs.device).toMatchObject({ required: ['type_id'] });
    expect($defs.device).toHaveProperty('anyOf');
  });

  it('lets a constraint reach into an object', async () => {
    const { class: schema } = await schemasOf('1.5.0', 'patch_state', []);

    const os = { type: 'object', required: ['version'] };
    const device = { type: 'object', required: ['os'], properties: { os } };
    expect(schema.anyOf).toContainEqual({ required: ['device'], properties: { device } });
  });

  it('bounds integers to 32 bits, and longs to what JavaScript keeps', async () => {
    const { types } = await loadRelease(schemasDir, '1.5.0');

    expect(typeSchema(types, 'integer_t')).toEqual({ type: 'integer', minimum: -2147483648, maximum: 2147483647 });
    expect(typeSchema(types, 'timestamp_t')).toMatchObject({ maximum: Number.MAX_SAFE_INTEGER });
    expect(typeSchema(types, 'port_t')).toEqual({ type: 'integer', minimum: 0, maximum: 65535 });
    expect(typeSchema(types, 'json_t')).toEqual({});
  });

  it('inherits a length from the base of a type', async () => {
    const { types } = await loadRelease(schemasDir, '1.1.0');

    expect(typeSchema(types, 'hostname_t')).toMatchObject({ maxLength: 65535 });
    expect(typeSchema(types, 'resource_uid_t')).toMatchObject({ maxLength: 64 });
  });

  it('allows a Base Event only the types 0 and 99', async () => {
    const { class: schema } = await schemasOf('1.5.0', 'base_event', []);

    expect(schema).toHaveProperty('properties.type_uid', { type: 'integer', enum: [0, 99] });
  });

  it('compiles for every class that has constraints of its own', { timeout: 120_000 }, async () => {
    const release = await loadRelease(schemasDir, '1.8.0');
    for (const name of Object.keys(release.classes)) {
      if ((await release.classFacts(name)).constraints === undefined) continue;
      const schemas = await schemasOf('1.8.0', name, []);

      const violations = compileSchema(schemas.class, [schemas.objects])({});

      expect(violations, name).toContainEqual(expect.objectContaining({ params: { missingProperty: 'metadata' } }));
    }
  });
});

async function schemasOf(version: string, name: string, profiles: readonly string[]) {
  const release = await loadRelease(schemasDir, version);
  const facts = { release, objects: release.objects };
  const classFacts = await release.classFacts(name);
  const set = profileSet(profiles);
  return { class: classSchema(facts, classFacts, set), objects: objectsSchema(facts, set, classFacts) };
}

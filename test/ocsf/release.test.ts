import { describe, expect, it } from 'vitest';
import { prepareClass } from '../../engine/ocsf/prepare-class.ts';
import { attributeAt } from '../../engine/ocsf/class-plan.ts';
import { loadRelease } from '../../engine/ocsf/release.ts';
import { schemasDir } from './examples.ts';

describe('loading a release', () => {
  it('names the releases there are when asked for another', async () => {
    await expect(loadRelease(schemasDir, '1.4.0')).rejects.toMatchObject({
      code: 'descriptor/unknown-class',
      hint: 'There are 1.1.0, 1.3.0, 1.5.0, 1.8.0.',
    });
  });

  it('suggests the class that was meant', async () => {
    const release = await loadRelease(schemasDir, '1.5.0');

    await expect(release.classFacts('user_inventroy')).rejects.toMatchObject({
      code: 'descriptor/unknown-class',
      hint: 'Did you mean "user_inventory"?',
    });
  });

  it('does not let a class name lead out of its folder', async () => {
    const release = await loadRelease(schemasDir, '1.5.0');

    await expect(release.classFacts('../release')).rejects.toMatchObject({ code: 'descriptor/unknown-class' });
  });
});

describe('preparing a class', () => {
  it('refuses a profile that no release knows, and says which the class takes', async () => {
    await expect(prepareClass(schemasDir, '1.5.0', 'user_inventory', ['clowd'])).rejects.toMatchObject({
      code: 'ocsf/profile',
      message: 'OCSF 1.5.0 has no profile "clowd".',
      hint: 'Did you mean "cloud"?' as string,
    });
  });

  it('refuses a profile that the class does not take', async () => {
    await expect(prepareClass(schemasDir, '1.5.0', 'user_inventory', ['incident'])).rejects.toMatchObject({
      message: 'Class user_inventory does not take profile "incident" in OCSF 1.5.0.',
    });
  });

  it('finds an attribute by its path, with type, enumeration and requirement', async () => {
    const { plan } = await prepareClass(schemasDir, '1.5.0', 'inventory_info', []);

    const type = attributeAt(plan.shape, 'device.os.type_id');

    expect(type).toMatchObject({ json: 'integer', required: true, isArray: false });
    expect(type?.captions?.get(100)).toBe('Windows');
    expect(attributeAt(plan.shape, 'device.os.colour')).toBeUndefined();
    expect(attributeAt(plan.shape, 'message.colour')).toBeUndefined();
  });

  it('does the work once for each set of profiles', async () => {
    const one = await prepareClass(schemasDir, '1.5.0', 'user_inventory', ['cloud', 'host']);
    const other = await prepareClass(schemasDir, '1.5.0', 'user_inventory', ['host', 'cloud', 'cloud']);

    expect(other).toBe(one);
  });
});

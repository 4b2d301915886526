import { inDescriptor, type Check } from './subject.ts';

/** An integration is found by its folder, and told by its name. */
export const folderName: Check = (subject) => {
  const { descriptor, folderName: folder } = subject;
  if (descriptor.name === folder) return [];
  return [
    inDescriptor(subject, '/name', {
      code: 'descriptor/wrong-value',
      severity: 'error',
      message: `The name is "${descriptor.name}", but the folder is "${folder}".`,
      hint: 'Give both the same name.',
    }),
  ];
};

import type { Hook } from '@oclif/core';
import { didYouMean } from '../../engine/index.ts';
import { describeFailure } from '../print/failure.ts';

/** A mistyped command: says which was meant, exit code 2. */
const commandNotFound: Hook.CommandNotFound = ({ id, config }) => {
  const meant = didYouMean(id, config.commandIDs);
  const failure = {
    exitCode: 2,
    code: 'run/usage',
    message: `There is no command "${id}".`,
    hint: meant === undefined ? '"npx sluice --help" lists the commands.' : `Did you mean "${meant}"?`,
  } as const;
  process.stderr.write(`${describeFailure(failure)}\n`);
  process.exit(failure.exitCode);
};

export default commandNotFound;

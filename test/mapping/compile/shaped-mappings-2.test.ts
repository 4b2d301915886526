import { describeShapedMappings } from './shaped-mappings.ts';

await describeShapedMappings(1, 2);

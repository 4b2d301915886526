import { describeShapedMappings } from './shaped-mappings.ts';

await describeShapedMappings(0, 2);

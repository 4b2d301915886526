import { fixedSigner } from './fixed-signer.ts';
import type { MakeSigner } from './signer.ts';

export const none: MakeSigner<'none'> = () => fixedSigner([], (request) => request);

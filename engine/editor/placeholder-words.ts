import type { Name } from './feed-names.ts';

/** Placeholders that the engine fills, beside the connection's properties. */
export const requestPlaceholdersInWords: readonly Name[] = [
  { name: 'apiVersion', about: "The stream's own API version." },
  { name: 'from.iso', about: 'Where the reading begins, as an ISO time; .s and .ms give it as a number.' },
  { name: 'to.iso', about: 'Where the reading ends, as an ISO time; .s and .ms give it as a number.' },
  { name: 'job', about: 'The id of the job that the source has begun.' },
  { name: 'chunk', about: 'The id of one part of what a job gives.' },
  { name: 'ids', about: 'The ids whose records are asked for.' },
];

/** Further ones in the texts of errors.yaml and setup.yaml. */
export const errorPlaceholdersInWords: readonly Name[] = [
  { name: 'permissions', about: 'The permissions that the stream needs.' },
  { name: 'stream', about: 'The stream that asked.' },
  { name: 'licence', about: 'What the tenant must have bought.' },
  { name: 'consentUrl', about: 'The page on which an administrator consents.' },
  { name: 'successor', about: 'The stream to read instead.' },
];

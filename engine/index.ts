/** The one door of the engine. Everything that `bin/` and other programs may rely on is exported here. */
export type { Issue, Position } from './diagnostics/issue.ts';
export { CannotRunError, EngineError, StreamError } from './diagnostics/engine-error.ts';
export { didYouMean } from './diagnostics/did-you-mean.ts';
export { shortPath } from './diagnostics/short-path.ts';
export { atPointer, childPointer } from './json-pointer.ts';
export type { Reason, RunReport, StreamReport } from './run/run-report.ts';
export type { ConnectionInput } from './descriptor/resolve-connection.ts';
export type { Places, RunEvent, RunRequest } from './run/run-request.ts';
export type { Descriptor, Stream } from './descriptor/descriptor.ts';
export type {
  AttributeOrigin,
  CaseResult,
  CasesRequest,
  CheckCause,
  CheckReport,
  CheckRequest,
  CoverageRequest,
  IntegrationCoverage,
  IntegrationSummary,
  LeftOut,
  Preview,
  MappingExplanation,
  PreviewedRecord,
  PreviewRequest,
  RecordReport,
  RunningSandbox,
  SandboxRequest,
  SourceRead,
  StreamCheck,
  Validation,
} from './run/requests.ts';
export type { AttributeDescription } from './run/describe-attribute.ts';
export type { Choice, NewIntegration, NewIntegrationChoices, NewIntegrationRequest } from './run/new-integration.ts';
export type { StateRequest, StreamStanding } from './run/look-at-state.ts';
export type { Verification, VerifyRequest } from './run/verify-output.ts';
export type { Completion, Completions, Hover } from './editor/answers.ts';
export type { FeedEditor } from './editor/open-editor.ts';
export type { FeedFile } from './editor/feed-file.ts';
export type { ImportReport, ImportRequest } from './run/import-integration.ts';
export type { Guide } from './run/read-guide.ts';
export { describeLimits } from './guide/describe-limits.ts';
export { describeStream } from './guide/describe-stream.ts';
export { count, list, number } from './guide/quantities.ts';

// What each does is told where it lies.
export const checkIntegration = door(async () => (await import('./run/check-integration.ts')).checkIntegration);
export const coverCases = door(async () => (await import('./run/case-coverage.ts')).coverCases);
export const changeState = door(async () => (await import('./run/look-at-state.ts')).changeState);
export const describeAttribute = door(async () => (await import('./run/describe-attribute.ts')).describeAttribute);
export const explainMappings = door(async () => (await import('./run/explain-mappings.ts')).explainMappings);
export const generatedCode = door(async () => (await import('./run/explain-mappings.ts')).generatedCode);
export const findFeedFile = door(async () => (await import('./editor/feed-file.ts')).findFeedFile);
export const importIntegration = door(async () => (await import('./run/import-integration.ts')).importIntegration);
export const listIntegrations = door(async () => (await import('./run/list-integrations.ts')).listIntegrations);
export const newIntegration = door(async () => (await import('./run/new-integration.ts')).newIntegration);
export const newIntegrationChoices = door(async () => (await import('./run/new-integration.ts')).newIntegrationChoices);
export const openFeedEditor = door(async () => (await import('./editor/open-editor.ts')).openFeedEditor);
export const openPreview = door(async () => (await import('./run/preview-stream.ts')).openPreview);
export const previewStream = door(async () => (await import('./run/preview-stream.ts')).previewStream);
export const readDescriptor = door(async () => (await import('./run/list-integrations.ts')).readDescriptor);
export const readGuide = door(async () => (await import('./run/read-guide.ts')).readGuide);
export const recordCases = door(async () => (await import('./run/record-cases.ts')).recordCases);
export const runCases = door(async () => (await import('./run/run-cases.ts')).runCases);
export const runIntegration = door(async () => (await import('./run/run-integration.ts')).runIntegration);
export const showState = door(async () => (await import('./run/look-at-state.ts')).showState);
export const startIntegrationSandbox = door(async () => {
  return (await import('./run/start-integration-sandbox.ts')).startIntegrationSandbox;
});
export const verifyOutput = door(async () => (await import('./run/verify-output.ts')).verifyOutput);
export const validateIntegration = door(
  async () => (await import('./run/validate-integration.ts')).validateIntegration,
);

/**
 * A function whose room is entered when it is first called: who lists integrations waits for no network client, no
 * JSONata and no sandbox.
 */
function door<Given extends unknown[], Result>(
  open: () => Promise<(...given: Given) => Promise<Result>>,
): (...given: Given) => Promise<Result> {
  return async (...given) => (await open())(...given);
}

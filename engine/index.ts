/** The one door of the engine. Everything that `bin/` and other programs may rely on is exported here. */
export type { Issue, Position } from './diagnostics/issue.ts';
export { CannotRunError, EngineError, StreamError } from './diagnostics/engine-error.ts';
export { didYouMean } from './diagnostics/did-you-mean.ts';
export type { Reason, RunReport, StreamReport } from './run/run-report.ts';
export type { ConnectionInput } from './descriptor/resolve-connection.ts';
export type { Places, RunEvent, RunRequest } from './run/run-request.ts';
export type { Descriptor, Stream } from './descriptor/descriptor.ts';
export type {
  CaseResult,
  CasesRequest,
  CheckCause,
  CheckReport,
  CheckRequest,
  IntegrationSummary,
  PreviewedRecord,
  PreviewRequest,
  RunningSandbox,
  SandboxRequest,
  StreamCheck,
  Validation,
} from './run/requests.ts';
export { checkIntegration } from './run/check-integration.ts';
export { listIntegrations, readDescriptor, validateIntegration } from './run/list-and-validate.ts';
export { previewStream } from './run/preview-stream.ts';
export { runCases } from './run/run-cases.ts';
export { runIntegration } from './run/run-integration.ts';
export { startIntegrationSandbox } from './run/start-integration-sandbox.ts';

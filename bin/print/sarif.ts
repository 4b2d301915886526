import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';
import { type Issue, type Position, shortPath } from '../../engine/index.ts';
import type { Failure } from '../failure.ts';
import type { CodeEntry } from './code-entries.ts';

type Tool = {
  readonly version: string;
  readonly homepage: string | undefined;
  readonly entries: ReadonlyMap<string, CodeEntry>;
};

/**
 * Issues as a SARIF 2.1.0 log, for code scanning and editors: a rule for each code that occurs, and one result an issue.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(issues: readonly Issue[], tool: Tool): object {
  const run = startRun(tool);
  run.run.invocations = [{ executionSuccessful: true }];
  for (const code of new Set(issues.map((issue) => issue.code))) run.addRule(rule(code, tool));
  for (const issue of issues) run.addResult(result(issue));
  return logOf(run);
}

/** The log of a run that could not be: no result, and the reason as a notification. */
export function sarifFailure({ code, message, hint, exitCode }: Failure, tool: Tool): object {
  const run = startRun(tool);
  run.run.invocations = [
    {
      executionSuccessful: false,
      exitCode,
      toolExecutionNotifications: [
        { level: 'error', message: { text: withHint(message, hint) }, descriptor: { id: code } },
      ],
    },
  ];
  return logOf(run);
}

function startRun({ version, homepage }: Tool): SarifRunBuilder {
  const run = new SarifRunBuilder({ columnKind: 'utf16CodeUnits' });
  return run.initSimple({
    toolDriverName: 'Sluice',
    toolDriverVersion: version,
    ...(homepage !== undefined && { url: homepage }),
  });
}

function logOf(run: SarifRunBuilder): object {
  const log = new SarifBuilder({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
  log.addRun(run);
  return log.buildSarifOutput();
}

/** The help is that of the page of codes; only an address may stand as `helpUri`. */
function rule(code: string, { entries }: Tool): SarifRuleBuilder {
  const { means = code, act = '', link = '' } = entries.get(code) ?? {};
  return new SarifRuleBuilder({
    help: { text: `${means} ${act}`.trim().replaceAll('`', ''), markdown: `${means} ${act}`.trim() },
  }).initSimple({
    ruleId: code,
    shortDescriptionText: means,
    ...(link.startsWith('https://') && { helpUri: link }),
  });
}

function result({ code, severity, message, hint, at }: Issue): SarifResultBuilder {
  return new SarifResultBuilder().initSimple({
    ruleId: code,
    level: severity,
    messageText: withHint(message, hint),
    ...(at !== undefined && place(at)),
  });
}

function place({ file, line, column, length = 1 }: Position) {
  return {
    fileUri: relativeUri(file),
    startLine: line,
    startColumn: column,
    endLine: line,
    endColumn: column + length,
  };
}

/** From where the person stands; what lies elsewhere keeps its whole path. */
function relativeUri(file: string): string {
  const path = shortPath(file);
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

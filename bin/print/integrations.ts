import { type IntegrationSummary, shortPath } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { terminalWidth, wrap } from './wrap.ts';

export function describeIntegrations(integrations: readonly IntegrationSummary[]): string {
  if (integrations.length === 0) return 'There are no integrations here. --integrations DIR adds a folder of them.';
  return integrations.map(describeIntegration).join('\n\n');
}

function describeIntegration({ name, title, summary, streams, folder }: IntegrationSummary): string {
  const about = `${title}, ${count(streams, 'stream')}. ${summary}`;
  return [paint('bold', name), wrap(about, terminalWidth(), '  '), `  ${shortPath(folder)}`].join('\n');
}

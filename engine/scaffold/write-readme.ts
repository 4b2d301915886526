import type { FeedDraft, StreamDraft } from './feed-draft.ts';

/** `README.md` of a new integration: what it gives, what to grant, how to run it, and what is still to be done. */
export function writeReadme(feed: FeedDraft): string {
  const { title, summary, name, streams, auth, permissions, notes, origin } = feed;
  const secrets = Object.entries(auth.properties).filter(([, property]) => property.default === undefined);
  const settings = secrets.map(
    ([key]) => ` --set ${key}=env:${key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`,
  );
  const granted = Object.entries(permissions);
  return `# ${title}

${summary}

## What it gives

| stream | source | OCSF class |
| --- | --- | --- |
${streams.map(streamRow).join('\n')}

## What to grant

${granted.length === 0 ? 'FILL IN: the least permissions that open the streams.' : granted.map(([key, why]) => `- \`${key}\`: ${why}`).join('\n')}

## Running it

\`\`\`sh
npx sluice check ${name}${settings.join('')}
npx sluice run ${name}${settings.join('')}
\`\`\`

A feed outside the folder of Sluice wants \`--integrations DIR\` with every command.

## Still to be done

- Put the vendor's own in place of every \`.example\` and \`FILL IN\`.
- Save a real answer, with invented people, as \`cases/<stream>/<case>/source.json\`; then \`npx sluice test ${name} --update\`.
- When the descriptor has changed, \`npx sluice docs ${name} --write\` brings GUIDE.md up to date.
- Go through the recommended attributes in the mappings.
${origin === undefined ? '' : `\n## What was made of ${origin}\n\n`}${notes.map((note) => `- ${note}\n`).join('')}`;
}

function streamRow({ name, path, ocsfClass, more = {} }: StreamDraft): string {
  const method = more.method === 'POST' || more.body !== undefined ? 'POST' : 'GET';
  return `| ${name} | \`${method} ${path.replaceAll('|', '\\|')}\` | ${ocsfClass.shape.name} (${ocsfClass.version}) |`;
}

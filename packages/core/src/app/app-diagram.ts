import type { AppDescription } from './app-description.js';

/** The app as a Mermaid flowchart, from commands on the left to queries on the right. */
export function diagramOf(app: AppDescription): string {
  const lines = [
    'flowchart LR',
    ...commandLines(app),
    `  journal[(journal: ${app.partitions} partitions)]`,
    ...hingeLines(app),
    ...readLines(app),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ commands }: AppDescription): readonly string[] {
  return commands.flatMap(({ name, handler }) => [
    `  ${idOf('command', name)}>"${name}"] --> ${idOf('handler', handler)}["${handler}"]`,
    `  ${idOf('handler', handler)} --> journal`,
  ]);
}

function hingeLines({ subscriptions }: AppDescription): readonly string[] {
  return subscriptions.flatMap(({ name, kind, feed }) => {
    const node = idOf('subscription', name);
    if (kind === 'relay') return [`  journal --> ${node}{{"${name}"}} --> ${idOf('topic', name)}[/"topic"/]`];
    const from = feed === 'journal' ? 'journal' : idOf('topic', feed);
    return [`  ${from} --> ${node}{{"${name}"}}`];
  });
}

function readLines({ readModels, queries }: AppDescription): readonly string[] {
  const models = readModels.map(
    ({ name, version, subscription }) =>
      `  ${idOf('subscription', subscription)} --> ${idOf('model', name)}[("${name} v${version}")]`,
  );
  const reads = queries.flatMap(({ name, reads: from }) =>
    (from.length === 0 ? [undefined] : from).map((model) => {
      const node = `${idOf('query', name)}>"${name}"]`;
      return model === undefined ? `  ${node}` : `  ${idOf('model', model)} --> ${node}`;
    }),
  );
  return [...models, ...reads];
}

// Mermaid ids allow few characters; the prefix keeps a command and a query of one name apart.
function idOf(kind: string, name: string): string {
  return `${kind}_${name.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}

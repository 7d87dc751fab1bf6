import { byId, element } from '../elements.js';
import type { Wiring } from './wiring-layout.js';

/** What happens around the handlers; those that have the same around them together. */
export function showPipelines({ commands, queries }: Wiring): void {
  byId('pipelines').replaceChildren(...[commands, queries].flatMap(pairsOf));
}

function pairsOf(handled: Wiring['commands']): readonly HTMLElement[] {
  const byPipeline = new Map<string, string[]>();
  for (const { name, behaviors } of handled) {
    const pipeline = [...behaviors, 'handler'].join(' → ');
    byPipeline.set(pipeline, [...(byPipeline.get(pipeline) ?? []), name]);
  }
  return [...byPipeline].map(([pipeline, names]) => {
    const pair = element('div');
    pair.append(element('dt', names.join(', ')), element('dd', pipeline));
    return pair;
  });
}

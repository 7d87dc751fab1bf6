import { byId, say } from '../elements.js';
import { wiringOf } from './operator.js';
import { showPipelines } from './pipelines-view.js';
import { svg } from './svg.js';
import { type Box, layoutOf, type Wiring, type WiringLayout } from './wiring-layout.js';

const margin = 4;

/** Draws the program as it describes itself, and gives the same as Mermaid text. */
export async function showWiring(): Promise<void> {
  const { app, mermaid } = await wiringOf<Wiring>();
  byId('wiring').replaceChildren(drawing(layoutOf(app), app));
  showPipelines(app);
  byId('mermaid').textContent = mermaid;
  byId('copy-mermaid').onclick = async () => {
    await navigator.clipboard.writeText(mermaid);
    say('The Mermaid text is copied.');
  };
}

function drawing({ boxes, ties, width, height }: WiringLayout, app: Wiring): SVGSVGElement {
  const lines = ties.map(({ from, to }) => ({ from: from.id, to: to.id, line: tieOf(from, to) }));
  const drawn = boxes.map((box) => ({ id: box.id, shape: boxOf(box) }));
  const picture = svg('svg', {
    viewBox: `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`,
    width: width + 2 * margin,
    height: height + 2 * margin,
    role: 'img',
    'aria-label': summaryOf(app),
  });
  picture.append(...lines.map(({ line }) => line), ...drawn.map(({ shape }) => shape));
  for (const { id, shape } of drawn) {
    shape.addEventListener('pointerenter', () => {
      const near = lines.filter(({ from, to }) => from === id || to === id);
      const ids = new Set([id, ...near.flatMap(({ from, to }) => [from, to])]);
      picture.classList.add('pointing');
      for (const { line } of near) line.classList.add('near');
      for (const one of drawn) one.shape.classList.toggle('near', ids.has(one.id));
    });
    shape.addEventListener('pointerleave', () => {
      picture.classList.remove('pointing');
      for (const near of picture.querySelectorAll('.near')) near.classList.remove('near');
    });
  }
  return picture;
}

function boxOf({ kind, name, note, x, y, width, height }: Box): SVGGElement {
  const middle = { x: x + width / 2, y: y + height / 2 };
  return svg(
    'g',
    { class: `box box-${kind}` },
    svg('rect', { x, y, width, height, rx: kind === 'journal' ? 10 : 6 }),
    svg('text', { x: middle.x, y: middle.y - 3, class: 'box-name' }, name),
    svg('text', { x: middle.x, y: middle.y + 12, class: 'box-note' }, note),
  );
}

function tieOf(from: Box, to: Box): SVGPathElement {
  const start = {
    x: from.x + from.width,
    y: from.kind === 'journal' ? to.y + to.height / 2 : from.y + from.height / 2,
  };
  const end = { x: to.x, y: to.kind === 'journal' ? from.y + from.height / 2 : to.y + to.height / 2 };
  const bend = (start.x + end.x) / 2;
  return svg('path', {
    class: 'tie',
    d: `M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}`,
  });
}

function summaryOf({ name, commands, readModels, queries, subscriptions }: Wiring): string {
  return `The wiring of ${name}: ${commands.length} commands, ${subscriptions.length} subscriptions, ${readModels.length} read models, ${queries.length} queries. The Mermaid text below says the same.`;
}

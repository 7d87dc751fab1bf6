import type { IterationNode, Node } from 'ohm-js';
import type { Expression } from './syntax.js';

// What actions of the grammar make of the nodes below theirs.

export const tree = (node: Node) => node.tree() as Expression;
export const treesIn = (list: Node) =>
  (list.asIteration() as IterationNode).children.map((one) => one.tree() as unknown);
export const optional = (node: Node) => node.children[0]?.tree() as unknown;
export const textOf = (node: Node) => node.text() as string;
export const constant = (value: Extract<Expression, { kind: 'constant' }>['value']): Expression => ({
  kind: 'constant',
  value,
});

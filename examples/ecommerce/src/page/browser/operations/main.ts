import { byId } from '../elements.js';
import type { Console } from './console.js';
import { watchOperations } from './feed.js';
import { KeyedList } from './keyed-list.js';
import { Operator } from './operator.js';
import { ParkedList } from './parked-view.js';
import { Plots } from './plots.js';
import type { OperationsSnapshot, SubscriptionGroup } from './snapshot.js';
import { SubscriptionGroupView } from './subscription-group-view.js';
import { Totals } from './totals-view.js';
import { showWiring } from './wiring-view.js';

const identity = sessionStorage.getItem('identity') ?? '';

const operator = new Operator(identity);
const desk: Console = {
  operator,
  async act(action, done) {
    byId('action-fault').textContent = '';
    try {
      const outcome = await operator.ask(action);
      byId('said').textContent = outcome === 'done' ? done : (nothingDone[outcome] ?? outcome);
    } catch (error) {
      showFault(error as Error);
    }
  },
};

function showFault({ message }: Error): void {
  byId('action-fault').textContent = message;
}

const nothingDone: Readonly<Record<string, string>> = {
  'not-parked': 'It is not parked any more.',
  'not-building': 'Nothing is being rebuilt.',
  unknown: 'The shop does not know it.',
};

const connections = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Not connected. Trying again…',
} as const;

const plots = new Plots(byId('plots'));
const totals = new Totals();
const parked = new ParkedList(desk);
const readModels = cards('read-models');
const hinge = cards('hinge');

function cards(parent: string): KeyedList<SubscriptionGroup> {
  return new KeyedList({
    parent: byId(parent),
    keyOf: ({ kind, name }) => `${kind} ${name}`,
    make: (group) => new SubscriptionGroupView(group, desk),
  });
}

function show(snapshot: OperationsSnapshot): void {
  byId('open').hidden = false;
  plots.add(snapshot.seconds);
  totals.show(snapshot);
  readModels.show(snapshot.groups.filter(({ kind }) => kind === 'projection'));
  hinge.show(snapshot.groups.filter(({ kind }) => kind !== 'projection'));
  parked.show(snapshot.parked, snapshot.groups);
}

function showClosed(reason: string): void {
  byId('connection').textContent = '';
  byId('closed').hidden = false;
  byId('closed-reason').textContent = reason;
}

byId('become-operator').addEventListener('click', () => {
  sessionStorage.setItem('identity', 'operator');
  location.reload();
});

void watchOperations(identity, {
  snapshot: show,
  refused: showClosed,
  connection(state) {
    byId('connection').dataset.state = state;
    byId('connection').textContent = connections[state];
    if (state === 'live') showWiring(desk).catch(showFault);
  },
});

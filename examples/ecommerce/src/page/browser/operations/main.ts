import { byId } from '../elements.js';
import { become, identity, onIdentity } from '../identity.js';
import { showActionFault } from './act.js';
import { watchOperations } from './feed.js';
import { KeyedList } from './keyed-list.js';
import { ParkedList } from './parked-view.js';
import { Plots } from './plots.js';
import type { OperationsSnapshot, SubscriptionGroup } from './snapshot.js';
import { SubscriptionGroupView } from './subscription-group-view.js';
import { Totals } from './totals-view.js';
import { showWiring } from './wiring-view.js';

const connections = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Not connected. Trying again…',
} as const;

const plots = new Plots(byId('plots'));
const totals = new Totals();
const parked = new ParkedList();
const readModels = cards('read-models');
const hinge = cards('hinge');
let watching = new AbortController();

function cards(parent: string): KeyedList<SubscriptionGroup> {
  return new KeyedList({
    parent: byId(parent),
    keyOf: ({ kind, name }) => `${kind} ${name}`,
    make: (group) => new SubscriptionGroupView(group),
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

/** Shows what the one sees whom the page acts for now. */
function watch(): void {
  watching.abort();
  watching = new AbortController();
  byId('open').hidden = true;
  byId('closed').hidden = true;
  void watchOperations(
    identity(),
    {
      snapshot: show,
      refused(reason) {
        byId('connection').textContent = '';
        byId('closed').hidden = false;
        byId('closed-reason').textContent = reason;
      },
      connection(state) {
        byId('connection').dataset.state = state;
        byId('connection').textContent = connections[state];
        if (state === 'live') showWiring().catch(showActionFault);
      },
    },
    watching.signal,
  );
}

onIdentity(watch);
byId('become-operator').addEventListener('click', () => {
  become('operator');
  watch();
  byId('main').focus();
});
watch();

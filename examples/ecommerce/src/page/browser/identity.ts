import { byId, say } from './elements.js';
import { clearFaults } from './faults.js';

const key = 'identity';
const firstIdentity = '17850';
const operator = 'operator';

const field = byId<HTMLInputElement>('identity');
// Of this tab, so that two people can be looked at side by side; a new tab begins as the last one.
let current = sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? firstIdentity;
field.value = current;

/** Whom the page acts for: a customer's number, `operator`, or nobody (`''`). */
export function identity(): string {
  return current;
}

export function isOperator(): boolean {
  return current === operator;
}

/** Calls back each time somebody else is acted for. */
export function onIdentity(changed: () => unknown): void {
  byId('identity-form').addEventListener('submit', (event) => {
    event.preventDefault();
    clearFaults();
    become(field.value.trim());
    void changed();
  });
}

/** From here on the page acts for somebody else. */
export function become(id: string): void {
  current = id;
  field.value = id;
  sessionStorage.setItem(key, id);
  localStorage.setItem(key, id);
  say(id === '' ? 'You are nobody in particular now.' : `You are ${nameOf(id)} now.`);
}

function nameOf(id: string): string {
  return id === operator ? 'the operator' : `customer ${id}`;
}

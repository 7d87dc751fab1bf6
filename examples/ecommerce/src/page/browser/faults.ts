import { ShopProblem } from './api.js';
import { byId } from './elements.js';

/** Takes the faults off what is inside: what is sent next is looked at anew. */
export function clearFaults(inside: ParentNode = document): void {
  for (const field of inside.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  for (const place of inside.querySelectorAll('.fault')) place.textContent = '';
}

/**
 * Shows a fault beside the field that it is about, in the last of the places that its `aria-describedby` names, and
 * moves the focus there; in the place given where it is about none.
 */
export function showFault(
  error: unknown,
  field: HTMLElement | undefined,
  otherwise: string | HTMLElement,
): void {
  const described = field?.getAttribute('aria-describedby')?.split(' ').at(-1);
  const place = described === undefined ? otherwise : described;
  (typeof place === 'string' ? byId(place) : place).textContent = textOf(error);
  field?.setAttribute('aria-invalid', 'true');
  field?.focus();
}

/** The header's field where the fault is who somebody is, whatever was asked. */
export function identityAt(error: unknown): HTMLElement | undefined {
  return error instanceof ShopProblem && error.code === 'unauthenticated' ? byId('identity') : undefined;
}

function textOf(error: unknown): string {
  if (error instanceof ShopProblem) return error.message;
  return `Something went wrong on this page: ${String(error)}`;
}

import { ShopProblem } from './api.js';
import { byId } from './elements.js';

/** Takes the faults off all forms: what is sent next is looked at anew. */
export function clearFaults(): void {
  for (const field of document.querySelectorAll('form [aria-invalid]')) field.removeAttribute('aria-invalid');
  for (const place of document.querySelectorAll('form .fault')) place.textContent = '';
}

/**
 * Shows a fault beside the field that it is about, whose place for it is named by `aria-describedby`, and moves
 * the focus there; at the form where it is about none.
 */
export function showFault(error: unknown, field: HTMLElement | undefined, formPlace: string): void {
  const text = error instanceof ShopProblem ? `${error.message} (${error.code})` : String(error);
  const place = field?.getAttribute('aria-describedby') ?? formPlace;
  byId(place).textContent = text;
  field?.setAttribute('aria-invalid', 'true');
  field?.focus();
}

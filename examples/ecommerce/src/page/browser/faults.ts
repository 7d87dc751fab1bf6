import { ShopProblem } from './api.js';
import { byId } from './elements.js';

/** Takes all faults off a form. */
export function clearFaults(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  for (const place of form.querySelectorAll('.fault')) place.textContent = '';
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

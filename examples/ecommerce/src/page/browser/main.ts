import { byId, pounds } from './elements.js';
import { clearFaults, showFault } from './faults.js';
import { showMyOrders } from './my-orders.js';
import { placeOrder, showCatalogue, showStock } from './order-form.js';
import { showSales } from './sales.js';

const identityField = byId<HTMLInputElement>('identity');
const said = byId('said');

function identity(): string {
  return identityField.value.trim();
}

async function refreshMyOrders(after = ''): Promise<void> {
  byId('my-orders-fault').textContent = '';
  if (identity() === '') {
    byId('my-orders').replaceChildren();
    byId('my-orders-total').textContent = 'Say which customer you are to see your orders.';
    return;
  }
  await showMyOrders(identity(), after).catch((error) => showFault(error, undefined, 'my-orders-fault'));
}

async function refreshSales(after = ''): Promise<void> {
  byId('sales-fault').textContent = '';
  await showSales(after).catch((error) => showFault(error, undefined, 'sales-fault'));
}

async function submitOrder(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  said.textContent = '';
  const receipt = await placeOrder(identity());
  if (receipt === undefined) return;
  said.textContent = `Order ${receipt.result.orderId} is placed: ${pounds(receipt.result.total)}.`;
  // By receipt: what was just ordered is there, however far behind the read models are.
  await Promise.all([refreshMyOrders(receipt.consistency), refreshSales(receipt.consistency)]);
  await showStock(identity());
}

function actAs(event: SubmitEvent): void {
  event.preventDefault();
  clearFaults();
  sessionStorage.setItem('identity', identity());
  said.textContent =
    identity() === '' ? 'You are nobody in particular now.' : `You are customer ${identity()} now.`;
  void refreshMyOrders();
}

identityField.value = sessionStorage.getItem('identity') ?? identityField.value;
byId('identity-form').addEventListener('submit', actAs);
byId('order-form').addEventListener('submit', (event) => void submitOrder(event));
byId('status').addEventListener('change', () => void refreshMyOrders());
byId('refresh').addEventListener('click', () => void refreshSales());
await showCatalogue();
await Promise.all([refreshMyOrders(), refreshSales(), showStock(identity())]);

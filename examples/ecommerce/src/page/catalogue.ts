/** A product that the page offers. Imported invoices bring products and prices of their own. */
export interface Product {
  readonly productCode: string;
  readonly description: string;
  readonly price: string;
}

export const catalogue: readonly Product[] = [
  { productCode: '85123A', description: 'White hanging heart T-light holder', price: '2.55' },
  { productCode: '71053', description: 'White metal lantern', price: '3.39' },
  { productCode: '84406B', description: 'Cream cupid hearts coat hanger', price: '2.75' },
  { productCode: '22423', description: 'Regency cakestand, three tiers', price: '12.75' },
  { productCode: '84879', description: 'Assorted colour bird ornament', price: '1.69' },
];

/** An amount as people write it: with two decimals at least, and all those that it has. */
export function pounds(amount: string): string {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.startsWith('-') ? '−' : ''}£${thousands}.${fraction.padEnd(2, '0')}`;
}

/** Decimals that a sum is kept with; prices have fewer. */
const scale = 12;

interface Priced {
  readonly quantity: number;
  readonly price: string;
}

/** What all of them cost together, exactly: numbers could not hold most prices. */
export function totalOf(lines: readonly Priced[]): string {
  const sum = lines.reduce((total, { quantity, price }) => total + BigInt(quantity) * scaled(price), 0n);
  const digits = sum.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

function scaled(price: string): bigint {
  const [whole = '0', fraction = ''] = price.split('.');
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

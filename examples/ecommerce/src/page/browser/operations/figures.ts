const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** A number as people read it: whole from ten on, with two digits below. */
export function figure(value: number): string {
  return value === 0 || Math.abs(value) >= 10 ? whole.format(value) : fine.format(value);
}

export function milliseconds(value: number): string {
  return value >= 1_000 ? `${figure(value / 1_000)} s` : `${figure(value)} ms`;
}

export function seconds(value: number): string {
  return value >= 120 ? `${whole.format(value / 60)} min` : `${figure(value)} s`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

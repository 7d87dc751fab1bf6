// Computes straight from an invoice file what the shop must say of it. Shares no code with the shop on purpose:
// its own CSV splitting, and whole numbers of a tiny unit in place of decimals.

/** Amounts are whole numbers of 10 to the power of minus `decimals`. */
const decimals = 12;

export interface Figures {
  orders: bigint;
  gross: bigint;
  returned: bigint;
}

export interface FiguresOfFile {
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly returned: number;
  readonly byCountry: ReadonlyMap<string, Figures>;
  readonly byCustomer: ReadonlyMap<string, Figures>;
  /** How many of each product there are, if the ledger began with none. */
  readonly stock: ReadonlyMap<string, bigint>;
}

export function figuresFromCsv(csv: string): FiguresOfFile {
  const [header = [], ...rows] = splitCsv(csv);
  const invoices = new Map<string, Row[]>();
  for (const cells of rows) {
    const row = Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])) as unknown as Row;
    invoices.set(row.InvoiceNo, [...(invoices.get(row.InvoiceNo) ?? []), row]);
  }
  const tally = { accepted: 0, returned: 0, rejected: {} as Record<string, number> };
  const byCountry = new Map<string, Figures>();
  const byCustomer = new Map<string, Figures>();
  const stock = new Map<string, bigint>();
  for (const [number, lines] of invoices) {
    const sign = number.startsWith('C') ? -1n : 1n;
    const reason = whyRejected(lines, sign);
    if (reason !== undefined) {
      tally.rejected[reason] = (tally.rejected[reason] ?? 0) + 1;
      continue;
    }
    if (sign === 1n) tally.accepted += 1;
    else tally.returned += 1;
    book(byCountry, lines[0]!.Country, lines, sign);
    book(byCustomer, lines[0]!.CustomerID, lines, sign);
    for (const { StockCode, Quantity } of lines)
      stock.set(StockCode, (stock.get(StockCode) ?? 0n) - BigInt(Quantity));
  }
  return { ...tally, byCountry, byCustomer, stock };
}

interface Row {
  readonly InvoiceNo: string;
  readonly StockCode: string;
  readonly Quantity: string;
  readonly UnitPrice: string;
  readonly CustomerID: string;
  readonly Country: string;
}

function whyRejected(lines: readonly Row[], sign: bigint): string | undefined {
  if (lines.some(({ CustomerID }) => CustomerID === '')) return 'no-customer';
  if (lines.some(({ Quantity }) => BigInt(Quantity) * sign <= 0n)) return 'quantity';
  if (lines.some(({ UnitPrice }) => unitsOf(UnitPrice) <= 0n)) return 'price';
  return undefined;
}

function book(figures: Map<string, Figures>, key: string, lines: readonly Row[], sign: bigint): void {
  const of = figures.get(key) ?? { orders: 0n, gross: 0n, returned: 0n };
  const total = lines.reduce(
    (sum, { Quantity, UnitPrice }) => sum + BigInt(Quantity) * unitsOf(UnitPrice),
    0n,
  );
  if (sign === 1n) {
    of.orders += 1n;
    of.gross += total;
  } else of.returned -= total;
  figures.set(key, of);
}

/** A decimal text in units. Throws for more decimals than there are, so that nothing is rounded in silence. */
export function unitsOf(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > decimals)
    throw new Error(`'${text}' is no decimal number of this check.`);
  return BigInt(`${match[1]}${match[2]}${fraction.padEnd(decimals, '0')}`);
}

/** One character at a time: quotes hold commas, line breaks and, doubled, quotes. */
function splitCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (quoted && character === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ',' || character === '\n')) {
      row.push(cell);
      cell = '';
      if (character === '\n') {
        rows.push(row);
        row = [];
      }
    } else if (quoted || character !== '\r') cell += character;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

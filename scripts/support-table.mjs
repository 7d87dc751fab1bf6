// The support matrix as data and as text. It knows only what suites that ran said of themselves:
// there is no list of ports or adapters here that could claim more.

/**
 * @typedef {{ passed: number, failed: number, skipped: number, notRun?: string }} Cell
 * @typedef {{ port: string, adapter: string, name: string, reason: string }} MissingCapability
 * @typedef {{ cells: Record<string, Record<string, Cell>>, missing: MissingCapability[] }} SupportMatrix
 */

/**
 * @param {Iterable<{ state: 'passed' | 'failed' | 'skipped' | 'pending', meta: object }>} tests
 * @param {Iterable<object>} suiteMetas metas of all suites: a suite that is not run has no tests to speak for it
 * @returns {SupportMatrix}
 */
export function supportMatrix(tests, suiteMetas = []) {
  const cells = {};
  const missing = new Map();
  const cellOf = ({ port, adapter }) => {
    cells[port] ??= {};
    cells[port][adapter] ??= { passed: 0, failed: 0, skipped: 0 };
    return cells[port][adapter];
  };
  const note = ({ contract, capability, notRun }) => {
    if (notRun) cellOf(contract).notRun = notRun;
    if (capability) missing.set(JSON.stringify([contract, capability]), { ...contract, ...capability });
  };

  for (const meta of suiteMetas) if (meta.contract) note(meta);
  for (const { state, meta } of tests) {
    if (!meta.contract) continue;
    note(meta);
    if (meta.notRun) continue;
    cellOf(meta.contract)[state === 'pending' ? 'skipped' : state] += 1;
  }
  return { cells, missing: [...missing.values()] };
}

/** @param {SupportMatrix} matrix */
export function supportTable({ cells, missing }) {
  const ports = Object.keys(cells).sort();
  if (ports.length === 0) return '';
  const adapters = [...new Set(ports.flatMap((port) => Object.keys(cells[port])))].sort();
  const rows = [
    ['port', ...adapters],
    ...ports.map((port) => [port, ...adapters.map((adapter) => cellText(cells[port][adapter]))]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  if (missing.length > 0) {
    lines.push('', 'Not offered:');
    for (const { port, adapter, name, reason } of missing) {
      lines.push(`  ${adapter} / ${port}: ${name} (${reason})`);
    }
  }
  return lines.join('\n');
}

/** @param {Cell | undefined} cell */
function cellText(cell) {
  if (!cell) return '';
  const { passed, failed, skipped, notRun } = cell;
  const ran = passed + failed;
  if (ran === 0) return `not run: ${notRun ?? 'all of its tests were skipped'}`;
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} FAILED`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (notRun) parts.push(`rest not run: ${notRun}`);
  return parts.join(', ');
}

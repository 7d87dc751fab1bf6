import type { CrashOptions } from './crash-options.js';
import type { Aftermath } from './crash-run.js';
import type { Judgement } from './judgement.js';

const shownFindings = 20;

/** What a run came to, for people. Its last line is the verdict. */
export function report(
  { kills, seed, defect }: CrashOptions,
  { tally, record, migrations }: Aftermath,
  { findings, compared }: Judgement,
  faults: readonly string[],
): string {
  const moments = [...tally.byMoment].sort(([, one], [, other]) => other - one);
  const refused = record.sent.filter(({ outcome }) => outcome.kind === 'refused').length;
  const count = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
  return [
    `seed ${seed}, ${kills} kills asked for${defect === undefined ? '' : `, with a defect: ${defect}`}`,
    '',
    ...moments.map(([moment, times]) => `${String(times).padStart(6)}  ${moment}`),
    `${String(tally.kills).padStart(6)}  kills by SIGKILL, ${tally.inCommands} of them in the middle of a command`,
    `${String(tally.stalls).padStart(6)}  times a shop stood still for longer than its leases`,
    '',
    `${record.sent.length} commands answered (${refused} refused, as they had to be), ${record.resent} sent again`,
    `${record.asked} queries meanwhile, ${compared} documents compared with the journal, ${migrations} migrations`,
    ...faults,
    '',
    ...findings.slice(0, shownFindings).map(({ kind, what }) => `${kind}: ${what}`),
    ...(findings.length > shownFindings ? [`… and ${findings.length - shownFindings} more`] : []),
    `lost ${count('lost')}, duplicated ${count('duplicated')}`,
  ].join('\n');
}

import type { Step } from './step.js';

/** Where shops were killed, as it was in the end. */
export class Tally {
  readonly byMoment = new Map<Step | 'at a random moment', number>();
  kills = 0;
  /** How many of them had a command in hand. */
  inCommands = 0;
  stalls = 0;

  /** Less than half of the kills had a command in hand. */
  get isShortOfCommands(): boolean {
    return this.inCommands * 2 < this.kills;
  }

  kill(moment: Step | 'at a random moment', inCommand: boolean): void {
    this.kills += 1;
    this.byMoment.set(moment, (this.byMoment.get(moment) ?? 0) + 1);
    if (inCommand) this.inCommands += 1;
  }
}

import { DiptychError } from '../errors/diptych-error.js';

/** The app cannot start. `faults` holds everything that is wrong with it, not only the first thing. */
export class StartUpError extends DiptychError {
  readonly faults: readonly DiptychError[];

  constructor(app: string, faults: readonly DiptychError[]) {
    const list = faults.map(({ code, message }) => `\n  - ${code}: ${message}`).join('');
    super({
      code: 'start-up-failed',
      message: `'${app}' cannot start for ${faults.length === 1 ? 'one reason' : `${faults.length} reasons`}:${list}`,
      origin: 'programming',
      details: { faults: faults.map(({ code, message, details }) => ({ code, message, details })) },
    });
    this.faults = faults;
  }
}

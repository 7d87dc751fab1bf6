import { DiptychError } from './diptych-error.js';

/** The program asks for something that can never work. The message says what to change. */
export class ProgrammingError extends DiptychError {
  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super({ code, message, origin: 'programming', details });
  }
}

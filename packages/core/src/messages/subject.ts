/** On whose behalf a message is handled. Policies decide by it. */
export interface Subject {
  /** Who it is, unique within the program. `''` for nobody in particular. */
  readonly id: string;
  readonly roles: readonly string[];
  /** True when the framework acts for the subject that caused the message, and not the subject itself. */
  readonly delegated?: boolean;
}

/** A caller who did not say who it is. */
export const anonymous: Subject = Object.freeze({ id: '', roles: [] });
/** The program itself: start-up code, schedules, imports. No HTTP caller can be it. */
export const system: Subject = Object.freeze({ id: 'system', roles: ['system'] });

export const defaultTenant = 'default';

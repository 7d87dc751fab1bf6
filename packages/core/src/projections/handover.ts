/**
 * How queries go over from one copy to the next. Every process believes for `rememberedForMs` what it saw last, so
 * after a switch all go on reading the old copy until that time is over everywhere, and then all read the new one. The
 * old copy stands still until then: nobody can read in it what the new one does not have.
 */
export const handover = {
  /** How long a process believes that a copy serves, in milliseconds; and how long the old one is read after a switch. */
  rememberedForMs: 1_000,
  /**
   * Around that moment nobody reads, this long before and after it, in milliseconds: for no two processes have it at
   * the very same time.
   */
  pauseInMs: 40,
  /** How long the old copy stands still after a switch, in milliseconds: until queries that read it are done, too. */
  standsStillForMs: 1_500,
} as const;

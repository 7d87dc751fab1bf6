import {
  DiptychError,
  type FoldRegistration,
  type HandlerSourceOrRegistration,
  isProjectionRegistration,
  type ProjectionRegistration,
  registrationOf,
} from '@diptych/core';

/** The code of the fault that a switch makes. */
export const brokenBySwitch = 'broken-by-switch';

/** Makes projections fail while an operator says so, for people who want to see what becomes of it. */
export class FaultSwitches {
  readonly #broken = new Set<string>();

  break(projection: string): void {
    this.#broken.add(projection);
  }

  mend(projection: string): void {
    this.#broken.delete(projection);
  }

  isBroken(projection: string): boolean {
    return this.#broken.has(projection);
  }

  /** A projection with a switch before each fold; any other handler as it is. */
  around(handler: HandlerSourceOrRegistration): HandlerSourceOrRegistration {
    const registration = typeof handler === 'function' ? registrationOf(handler) : handler;
    if (registration === undefined || !isProjectionRegistration(registration)) return handler;
    return this.#breakable(registration);
  }

  #breakable(projection: ProjectionRegistration): ProjectionRegistration {
    return {
      ...projection,
      folds: projection.folds.map((fold) => this.#breakableFold(projection.name, fold)),
    };
  }

  #breakableFold(projection: string, registered: FoldRegistration): FoldRegistration {
    return {
      ...registered,
      bind: (instance) => {
        const fold = registered.bind(instance);
        return (event, document, meta) => {
          if (this.isBroken(projection)) throw faultOf(projection);
          return fold(event, document, meta);
        };
      },
    };
  }
}

function faultOf(projection: string): DiptychError {
  return new DiptychError({
    code: brokenBySwitch,
    message: `An operator has broken '${projection}'.`,
    details: { projection },
  });
}

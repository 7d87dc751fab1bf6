import type { Pump } from '../subscriptions/pump.js';
import { ProjectionUpkeep, type UpkeepOptions } from './projection-upkeep.js';
import type { ProjectionSurroundings, RunningProjection } from './running-projection.js';

export interface ProjectionHostOptions extends ProjectionSurroundings, UpkeepOptions {
  readonly projections: readonly RunningProjection[];
  /** How often to look for copies that another process has made or given up, in milliseconds. Default 1,000. */
  readonly pollInMs?: number | undefined;
  /** Told when the care for a projection's copies fails, and again when it goes well: not once per attempt. */
  readonly observe?: ((notice: ProjectionNotice) => void) | undefined;
}

export type ProjectionNotice =
  | { readonly kind: 'upkeep-failed'; readonly projection: string; readonly error: unknown }
  | { readonly kind: 'upkeep-resumed'; readonly projection: string };

/** Runs the projections of a process: a subscription for each copy that is to be fed, and the life of the copies. */
export class ProjectionHost implements Pump {
  readonly name = 'projections';
  readonly #options: ProjectionHostOptions;
  readonly #upkeeps: ReadonlyMap<string, ProjectionUpkeep>;
  readonly #failing = new Set<string>();
  #turning: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(options: ProjectionHostOptions) {
    this.#options = options;
    this.#upkeeps = new Map(
      options.projections.map((projection) => [
        projection.registration.name,
        new ProjectionUpkeep(projection, options, options),
      ]),
    );
  }

  /** One round for each projection. A copy that has nothing to catch up with serves after the first. */
  turn(): Promise<boolean> {
    const turned = this.#turning.then(() => (this.#isStopped ? false : this.#turn()));
    this.#turning = turned;
    return turned;
  }

  waitInMs(): number {
    const { pollInMs = 1_000 } = this.#options;
    return Math.min(pollInMs, this.dueInMs() ?? pollInMs);
  }

  dueInMs(): number | undefined {
    return [...this.#upkeeps.values()].some((upkeep) => upkeep.isPressing) ? 100 : undefined;
  }

  /** Stops all feeds, each after the batch in hand. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#turning;
    await Promise.all([...this.#upkeeps.values()].map((upkeep) => upkeep.stop()));
  }

  async #turn(): Promise<boolean> {
    const worked = await Promise.all([...this.#upkeeps].map(([name, upkeep]) => this.#tend(name, upkeep)));
    return worked.includes(true);
  }

  async #tend(projection: string, upkeep: ProjectionUpkeep): Promise<boolean> {
    try {
      const worked = await upkeep.turn();
      if (this.#failing.delete(projection)) this.#options.observe?.({ kind: 'upkeep-resumed', projection });
      return worked;
    } catch (error) {
      if (!this.#failing.has(projection))
        this.#options.observe?.({ kind: 'upkeep-failed', projection, error });
      this.#failing.add(projection);
      return false;
    }
  }
}

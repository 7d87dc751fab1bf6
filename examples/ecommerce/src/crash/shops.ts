import type { Defect } from './defects/defect.js';
import type { Finding } from './finding.js';
import type { Slot } from './plan.js';
import { ShopProcess } from './shop-process.js';
import type { FuseSetting, Told } from './step.js';

export interface ShopsOptions {
  /** What tells them where to keep what they know. */
  readonly environment: Readonly<Record<string, string>>;
  readonly defect: Defect | undefined;
  readonly onFinding: (finding: Finding) => void;
}

interface Place {
  shop: ShopProcess;
  url: string | undefined;
  /** How many commands it has been sent that it has not answered. */
  inFlight: number;
  onStalled: (() => void) | undefined;
}

/** Two whole shops on one database, each of which may be killed and started again at any time. */
export class Shops {
  readonly #options: ShopsOptions;
  readonly #places: Place[] = [];
  /** How many steps of the schema the newest version of the shop has. */
  migrations = 0;

  constructor(options: ShopsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const slot of [0, 1] as const) {
      this.#places[slot] = { shop: this.#make(slot), url: undefined, inFlight: 0, onStalled: undefined };
    }
    await Promise.all([this.#listening(0), this.#listening(1)]);
  }

  /** Where to reach it; `undefined` while it is down. */
  urlOf(slot: Slot): string | undefined {
    return this.#places[slot]!.url;
  }

  of(slot: Slot): ShopProcess {
    return this.#places[slot]!.shop;
  }

  inFlight(slot: Slot): number {
    return this.#places[slot]!.inFlight;
  }

  async counted<T>(slot: Slot, command: () => Promise<T>): Promise<T> {
    const place = this.#places[slot]!;
    place.inFlight += 1;
    try {
      return await command();
    } finally {
      place.inFlight -= 1;
    }
  }

  /** Starts it again, after it has ended; with a fuse it may end before it listens. */
  async restart(slot: Slot, fuse?: FuseSetting): Promise<void> {
    const place = this.#places[slot]!;
    place.url = undefined;
    place.shop = this.#make(slot, fuse);
    await this.#listening(slot);
  }

  down(slot: Slot): void {
    this.#places[slot]!.url = undefined;
  }

  /** Resolves when it has stood still and goes on. */
  stalled(slot: Slot): Promise<void> {
    return new Promise((resolve) => {
      this.#places[slot]!.onStalled = resolve;
    });
  }

  #make(slot: Slot, fuse?: FuseSetting): ShopProcess {
    const { environment, defect } = this.#options;
    const { migrations } = this;
    const onTold = (told: Told) => this.#hear(slot, told);
    return new ShopProcess({ environment, defect, migrations, onTold, ...(fuse && { fuse }) });
  }

  #hear(slot: Slot, told: Told): void {
    if (told.kind === 'stalled') this.#places[slot]!.onStalled?.();
    if (told.kind === 'seen') this.#options.onFinding({ kind: 'duplicated', what: told.what });
  }

  async #listening(slot: Slot): Promise<void> {
    const place = this.#places[slot]!;
    const { shop } = place;
    const url = await shop.listening();
    if (place.shop === shop) place.url = url;
  }
}

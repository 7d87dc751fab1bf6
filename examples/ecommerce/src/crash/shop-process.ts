import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Defect } from './defects/defect.js';
import { type FuseSetting, type Told, variables } from './step.js';

export interface ShopProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly defect: Defect | undefined;
  readonly migrations: number;
  /** Set from its first line on. */
  readonly fuse?: FuseSetting;
  readonly onTold: (told: Told) => void;
}

/** How a process ended: by a signal, or by itself. */
export interface Ending {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

const program = fileURLToPath(new URL('./child/main.js', import.meta.url));
const keptOutput = 4_000;

/** A shop in a process of its own. */
export class ShopProcess {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #listening: Promise<string>;
  #output = '';

  constructor({ environment, defect, migrations, fuse, onTold }: ShopProcessOptions) {
    const variablesOfIt = {
      ...process.env,
      PORT: '0',
      ...environment,
      [variables.migrations]: String(migrations),
      ...(defect && { [variables.defect]: defect }),
      ...(fuse && { [variables.fuse]: JSON.stringify(fuse) }),
    };
    this.#child = fork(program, [], { env: variablesOfIt, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr!.on('data', (text) => {
      this.#output = `${this.#output}${text}`.slice(-keptOutput);
    });
    this.ended = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }) as Ending);
    this.#listening = new Promise((resolve) => {
      this.#child.on('message', (told: Told) => {
        if (told.kind === 'ready') resolve(told.url);
        else onTold(told);
      });
    });
  }

  /** What it wrote last on stderr. */
  get output(): string {
    return this.#output;
  }

  /** Where it listens; `undefined` when it ended before it did. */
  listening(): Promise<string | undefined> {
    return Promise.race([this.#listening, this.ended.then(() => undefined)]);
  }

  setFuse(setting: FuseSetting | undefined): void {
    if (this.#child.connected) this.#child.send({ setting });
  }

  kill(): Promise<Ending> {
    this.#child.kill('SIGKILL');
    return this.ended;
  }

  /** Asks it to end in order. */
  stop(): Promise<Ending> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }
}

import { test } from 'vitest';
import { describeContract, describeMissingCapability } from './contract-meta.js';

/** What a suite is given to test: the port or ports, and how to end it. */
export interface ContractSubject {
  /** Gives back what `open` took: connections, files. Called after each test, also when it failed. */
  close?(): Promise<void>;
}

/** How a contract suite gets at an adapter. */
export interface ContractFactory<Subject extends ContractSubject, Capability extends string = never> {
  /** A new one, empty, that nothing else uses. Called for each test. */
  open(): Promise<Subject>;
  /** The capabilities that the adapter does not have, each with the reason, which the support matrix shows. */
  readonly lacks?: { readonly [Name in Capability]?: string };
}

/** What a suite declares its tests with. */
export interface ContractSuite<Subject extends ContractSubject, Capability extends string = never> {
  /** A test with a subject of its own. It is named after the behaviour: `twoWritersOneWins: …`. */
  test(name: string, body: (subject: Subject) => Promise<void>): void;
  /**
   * Tests that need a capability, and tests of what happens in an adapter that declares to lack it. Exactly one of
   * the two is run, so no adapter passes by silence.
   */
  capability(name: Capability, tests: { readonly has: () => void; readonly lacks: () => void }): void;
}

/** A contract suite: what `port` means, held against one adapter. Each suite exports a function that calls this. */
export function contract<Subject extends ContractSubject, Capability extends string = never>(
  port: string,
  adapter: string,
  factory: ContractFactory<Subject, Capability>,
  declare: (suite: ContractSuite<Subject, Capability>) => void,
): void {
  describeContract({ port, adapter }, () =>
    declare({
      test: (name, body) => test(name, () => withSubject(factory, body)),
      capability(name, tests) {
        const reason = factory.lacks?.[name];
        if (reason === undefined) tests.has();
        else describeMissingCapability(name, reason, tests.lacks);
      },
    }),
  );
}

async function withSubject<Subject extends ContractSubject>(
  factory: ContractFactory<Subject>,
  body: (subject: Subject) => Promise<void>,
): Promise<void> {
  const subject = await factory.open();
  try {
    await body(subject);
  } finally {
    await subject.close?.();
  }
}

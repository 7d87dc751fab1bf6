import type { RegistrationBase } from './registration.js';
import type { Resolver } from './resolver.js';

/** A handler ready to be called, whether it came as a class or as a function. */
export interface HandlerInstance {
  /** What is done before the unit of work is opened: calls to other systems. */
  prepare?: (message: object, context: object) => unknown;
  handle: (message: object, context: object) => unknown;
}

type Call = (message: object, context: object, ...dependencies: readonly unknown[]) => unknown;

/** Asks for a handler once per message; a singleton is the same each time. */
export function handlerInstances(registration: RegistrationBase, resolver: Resolver): () => HandlerInstance {
  const { source } = registration;
  if (source.kind === 'class') return resolver.instanceOf(registration) as () => HandlerInstance;
  const dependencies = resolver.argumentsOf(registration);
  const handle = withDependencies(source.handle as Call, dependencies);
  const prepare = source.prepare as Call | undefined;
  const instance: HandlerInstance =
    prepare === undefined ? { handle } : { handle, prepare: withDependencies(prepare, dependencies) };
  return () => instance;
}

/**
 * Whether the handler has a `prepare` step at all: where not, nothing is paid for it. Of a class that is made for
 * each message only its methods are known.
 */
export function preparesFirst({ source }: RegistrationBase, instances: () => HandlerInstance): boolean {
  if (source.kind === 'class' && source.lifetime === 'request') return 'prepare' in source.type.prototype;
  return instances().prepare !== undefined;
}

function withDependencies(call: Call, dependencies: () => readonly unknown[]): HandlerInstance['handle'] {
  if (call.length <= 2 && dependencies().length === 0) return call;
  return (message, context) => call(message, context, ...dependencies());
}

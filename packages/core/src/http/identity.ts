import { ProgrammingError } from '../errors/programming-errors.js';
import { anonymous, defaultTenant, type Subject, system } from '../messages/subject.js';

/** Who is calling. */
export interface Identity {
  readonly subject: Pick<Subject, 'id' | 'roles'>;
  /** Default `'default'`. */
  readonly tenant?: string;
}

/**
 * Tells who is calling, from the headers of a request; it must leave the body alone. `undefined` for somebody
 * who did not say. Whoever keeps credentials in cookies must refuse requests from other sites here.
 * @throws UnauthenticatedError for credentials that are not good: 401.
 */
export type Identify = (request: Request) => Identity | undefined | Promise<Identity | undefined>;

/** An identity with everything filled in. */
export interface Caller {
  readonly subject: Subject;
  readonly tenant: string;
}

/**
 * Asks `identify`. Nobody from outside can be the program itself or act for another: the id and the role `system`
 * are refused, and only id and roles are taken over.
 * @throws ProgrammingError `identity-invalid`; what `identify` throws.
 */
export async function callerOf(request: Request, identify: Identify): Promise<Caller> {
  const identity = await identify(request);
  if (identity === undefined) return { subject: anonymous, tenant: defaultTenant };
  const { subject, tenant = defaultTenant } = identity;
  if (typeof subject?.id !== 'string' || !Array.isArray(subject.roles) || typeof tenant !== 'string') {
    throw invalid('`identify` must answer with { subject: { id, roles }, tenant? } or undefined.');
  }
  if (subject.id === system.id || system.roles.some((role) => subject.roles.includes(role))) {
    throw invalid(
      `\`identify\` answered with the id or the role '${system.id}', which only the program itself may have.`,
    );
  }
  return { subject: { id: subject.id, roles: [...subject.roles] }, tenant };
}

function invalid(message: string): ProgrammingError {
  return new ProgrammingError('identity-invalid', message);
}

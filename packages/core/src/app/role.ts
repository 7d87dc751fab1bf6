/**
 * The parts of an app that can run in processes of their own, on the same stores:
 *
 * - `commands`: the command bus, journalled and scheduled commands, event handlers.
 * - `relay`: publishes the journal to the transport.
 * - `projections`: feeds the read models.
 * - `queries`: the query bus.
 */
export type Role = 'commands' | 'relay' | 'projections' | 'queries';

export const allRoles: readonly Role[] = ['commands', 'relay', 'projections', 'queries'];

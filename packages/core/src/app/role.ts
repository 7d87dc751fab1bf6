/** The parts of an app that can run in processes of their own. */
export type Role = 'commands' | 'relay' | 'projections' | 'queries';

export const allRoles: readonly Role[] = ['commands', 'relay', 'projections', 'queries'];

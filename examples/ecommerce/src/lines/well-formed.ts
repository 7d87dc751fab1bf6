import { z } from 'zod';

/** Text that can name something in every store: without halves of surrogate pairs, which no UTF-8 can carry. */
export const wellFormed = z.string().regex(/^\P{Cs}*$/u, 'Must be text that can be written down');

import { z } from 'zod';

const timelineEntry = z.object({
  /** The wire name of the event. */
  event: z.string(),
  /** When it happened. */
  at: z.string(),
  /** Who did it: a customer's number, an operator, the import. */
  by: z.string(),
  /** For people: what the event alone does not tell. Empty for nothing. */
  note: z.string(),
});

export const timelineDocument = z.object({
  /** Of an order, or of a return without one. */
  orderId: z.string(),
  customerId: z.string(),
  /** The first one first. */
  entries: z.array(timelineEntry).readonly(),
});

/** All that happened to an order. */
export type TimelineDocument = Readonly<z.infer<typeof timelineDocument>>;

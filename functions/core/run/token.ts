import * as z from 'zod/mini';

/** From 0. */
const count = z.int().check(z.nonnegative());
/** From 1. */
const ordinal = z.int().check(z.positive());

/**
 * Messages are tokens: they name what to look at, and carry nothing that the tables decide. All times are Unix
 * milliseconds. `sent_at` is when the sender set out and survives being put back; `hop` counts how often it was.
 */
const envelope = { project: z.string(), sent_at: z.number(), hop: count };

/** `group`: among whom SQS shares a lane fairly. */
const lane = { run: z.string(), group: z.string() };

/**
 * Attempt number `attempt` of `run` may be made from `due` on. Of an endpoint with limits: at its `turn`, and in the `slot`
 * that is kept for the run. The `page` of a fan-out defines the run, which has no row of its own.
 */
const deliver = z.object({
  kind: z.literal('deliver'),
  ...envelope,
  ...lane,
  attempt: ordinal,
  due: z.number(),
  page: z.optional(z.object({ event: z.string(), after: z.string() })),
  turn: z.optional(z.object({ n: ordinal, at: z.number() })),
  slot: z.optional(z.object({ endpoint: z.string(), index: count, holder: z.string() })),
});

/** Somebody gave up the retry job behind attempt number `attempt`: see that what follows from it is done. */
const settle = z.object({
  kind: z.literal('settle'),
  ...envelope,
  ...lane,
  attempt: count,
});

/** The next page of a bulk replay. `cursor` is the id of the last dead letter handled, '' at the start. */
const bulk = z.object({ kind: z.literal('bulk'), ...envelope, job: z.string(), cursor: z.string() });

/** The next page of an event's fan-out. `cursor` is the id of the last endpoint handled, '' at the start. */
const fanout = z.object({
  kind: z.literal('fanout'),
  ...envelope,
  event: z.string(),
  cursor: z.string(),
});

/** What an endpoint holds may go on, once its change number `rev` is there. */
const release = z.object({
  kind: z.literal('release'),
  ...envelope,
  endpoint: z.string(),
  rev: ordinal,
});

/**
 * The schedule's occurrence at `occurrence` is near. `nonce` tells the clock's own wake-up from a fork. `received_at`: a
 * copy of one that came before the clock's change, and when that was first received.
 */
const fire = z.object({
  kind: z.literal('fire'),
  ...envelope,
  schedule: z.string(),
  gen: ordinal,
  occurrence: z.number(),
  nonce: z.string(),
  received_at: z.optional(z.number()),
});

/** What the delivery lanes carry. */
export const laneToken = z.discriminatedUnion('kind', [deliver, settle]);
/** What the wake-up queue carries, or what comes to it from its DLQ, where the Scheduler puts the lanes' messages, too. */
export const wakeUpToken = z.discriminatedUnion('kind', [bulk, fanout, fire, release, deliver, settle]);

/** When the attempt's call may start (Unix milliseconds). */
export function startOf({ due, turn }: DeliverToken): number {
  return turn?.at ?? due;
}

export type DeliverToken = z.infer<typeof deliver>;
export type SettleToken = z.infer<typeof settle>;
export type BulkToken = z.infer<typeof bulk>;
export type FanOutToken = z.infer<typeof fanout>;
export type ReleaseToken = z.infer<typeof release>;
export type FireToken = z.infer<typeof fire>;
export type LaneToken = z.infer<typeof laneToken>;
export type WakeUpToken = BulkToken | FanOutToken | ReleaseToken | FireToken;

/** What `dead-letters` carries beside its readable attributes, and what comes back through `replay`. */
export const deadLetterNotice = z.object({
  project: z.string(),
  dead_letter: z.string(),
  task: z.string(),
  endpoint: z.nullable(z.string()),
  reason: z.string(),
  epoch: count,
});
export type DeadLetterNotice = z.infer<typeof deadLetterNotice>;

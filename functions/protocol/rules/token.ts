import * as z from 'zod/mini';
import { JunkMessageError, UnknownFormatError } from '../../primitives/failed-message.js';
import { isPlainObject } from '../../primitives/json-text.js';
import type { RateBooking } from '../../subjects/endpoints/rate-booking.js';
import type { Attempt } from '../../subjects/task-runs/task-run.js';

/** From 0. */
const count = z.int().check(z.nonnegative());
/** From 1. */
const ordinal = z.int().check(z.positive());

/**
 * A message is a token: it names ids, and carries nothing that the tables decide. All times are Unix milliseconds.
 * `sent_at` is when the first sender began, and survives every hop; `hop` counts how often the token was put back.
 *
 * A schema lets unknown fields through. A later release may have added such a field, and a token that is put back by
 * this release must still carry it.
 */
const envelope = { project: z.string(), sent_at: z.number(), hop: count };

/** `group`: the message group, between which SQS shares a lane fairly. */
const lane = { run: z.string(), group: z.string() };

/**
 * Attempt number `attempt` of `run` may be made from `due` on. At an endpoint with limits: at its `turn` (rate
 * booking), and in the `slot` that is kept for the run.
 *
 * The token carries what a worker could not write: the `outcome` of the attempt's call, or the nonces `uncalled` of
 * claims, of which one may stand, whose worker made no call.
 *
 * `waited`: the attempt waited by a rule of its project (pause, limit, overlap, share of a lane), so the metric of
 * lateness leaves it out.
 */
const deliver = z.looseObject({
  kind: z.literal('deliver'),
  ...envelope,
  ...lane,
  attempt: ordinal,
  due: z.number(),
  turn: z.optional(z.looseObject({ n: ordinal, at: z.number() })),
  slot: z.optional(z.looseObject({ endpoint: z.string(), index: count, holder: z.string() })),
  outcome: z.optional(z.custom<Attempt>(isPlainObject)),
  uncalled: z.optional(z.array(z.string())),
  waited: z.optional(z.boolean()),
});

/** The retry job after attempt number `attempt` was given up: check that the effects were performed. */
const settle = z.looseObject({
  kind: z.literal('settle'),
  ...envelope,
  ...lane,
  attempt: count,
});

/** The next page of a bulk job. `cursor` is the id of the last handled dead letter or task run, '' at the start. */
const bulk = z.looseObject({ kind: z.literal('bulk'), ...envelope, job: z.string(), cursor: z.string() });

/** The next page of an event's fan-out. `cursor` is the id of the last handled endpoint, '' at the start. */
const fanout = z.looseObject({
  kind: z.literal('fanout'),
  ...envelope,
  event: z.string(),
  cursor: z.string(),
});

/** The runs that an endpoint holds may be released, once the endpoint's change number `rev` is written. */
const release = z.looseObject({
  kind: z.literal('release'),
  ...envelope,
  endpoint: z.string(),
  rev: ordinal,
});

/**
 * The schedule's occurrence at `occurrence` is near. `nonce` distinguishes the clock's own wake-up from a fork.
 * `received_at`: when a wake-up that arrived before the clock's change was first received.
 */
const fire = z.looseObject({
  kind: z.literal('fire'),
  ...envelope,
  schedule: z.string(),
  gen: ordinal,
  occurrence: z.number(),
  nonce: z.string(),
  received_at: z.optional(z.number()),
});

/** Names nothing. Its arrival shows that its `group`, or the queue, is worked off up to the moment when it was sent. */
const probe = z.looseObject({
  kind: z.literal('probe'),
  ...envelope,
  queue: z.enum(['fast', 'slow', 'wake-ups']),
  group: z.optional(z.string()),
});

/** The messages of the delivery lanes. */
export const laneMessage = z.discriminatedUnion('kind', [deliver, settle, probe]);
/** The messages of the delivery lanes that name a task run. */
export const laneToken = z.discriminatedUnion('kind', [deliver, settle]);
/** What the wake-up queue carries, also from its DLQ, into which the Scheduler puts the lanes' messages, too. */
export const wakeUpToken = z.discriminatedUnion('kind', [bulk, fanout, fire, release, deliver, settle, probe]);

/** When the attempt's call may start (Unix milliseconds). */
export function startOf({ due, turn }: DeliverToken): number {
  return turn?.at ?? due;
}

/** The fields that a schema names, without the unknown fields that it lets through. */
type Named<Shape> = { [Name in keyof Shape as string extends Name ? never : Name]: Shape[Name] };
type TokenOf<Schema extends z.ZodMiniType> = Named<z.infer<Schema>>;

export type DeliverToken = Omit<TokenOf<typeof deliver>, 'turn' | 'slot'> & {
  turn?: RateBooking | undefined;
  slot?: { endpoint: string; index: number; holder: string } | undefined;
};
export type SettleToken = TokenOf<typeof settle>;
export type BulkToken = TokenOf<typeof bulk>;
export type FanOutToken = TokenOf<typeof fanout>;
export type ReleaseToken = TokenOf<typeof release>;
export type ProbeToken = TokenOf<typeof probe>;
export type FireToken = TokenOf<typeof fire>;
export type LaneToken = DeliverToken | SettleToken;
export type WakeUpToken = BulkToken | FanOutToken | ReleaseToken | FireToken;

/** The body of a message in `dead-letters`, and in `replay` after an operator moved it there. */
export const deadLetterNotice = z.looseObject({
  project: z.string(),
  dead_letter: z.string(),
  task: z.string(),
  endpoint: z.nullable(z.string()),
  reason: z.string(),
  epoch: count,
});
export type DeadLetterNotice = TokenOf<typeof deadLetterNotice>;

/**
 * The token in a message's body.
 * @throws JunkMessageError if the body is not JSON
 * @throws UnknownFormatError, with the faults found, if this release does not know such a token
 */
export function readToken<Token>(schema: z.ZodMiniType<Token>, body: string): Token {
  const parsed = schema.safeParse(parse(body), { jitless: true });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`.trim());
  throw new UnknownFormatError(`a token of another release: ${faults.join(', ')}`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new JunkMessageError();
  }
}

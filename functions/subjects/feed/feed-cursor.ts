import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import type { FeedPlace } from './feed.js';

/** Far more than a cursor has. */
const MOST_BYTES = 64_000;

const digits = z.string().check(z.regex(new RegExp(`^${UUID_V7_HEX}$`)));
const whole = z.int().check(z.nonnegative());
const cursorSchema = z.strictObject({
  after: digits,
  known: z.array(z.tuple([digits, whole, whole, z.boolean()])),
});

/** A place of the feed, as text that means nothing to a client. */
export function cursorOf({ after, known }: FeedPlace): string {
  const rows = [...known].map(([hex, { version, attempts, isOpen }]) => [hex, version, attempts, isOpen]);
  const text = JSON.stringify({ after: after.slice(-32), known: rows });
  return deflateRawSync(text).toString('base64url');
}

/** The place of a cursor; undefined for any other text. */
export function placeOf(cursor: string): FeedPlace | undefined {
  const given = cursorSchema.safeParse(parsed(cursor));
  if (!given.success) return undefined;
  const { after, known } = given.data;
  const rows = known.map(([hex, version, attempts, isOpen]) => [hex, { version, attempts, isOpen }] as const);
  return { after: `run_${after}`, known: new Map(rows) };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(cursor, 'base64url'), { maxOutputLength: MOST_BYTES }).toString());
  } catch {
    return undefined;
  }
}

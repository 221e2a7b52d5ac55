import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EndpointKey } from '../subjects/endpoints/endpoint.js';
import type { LimitStore, Slot } from '../subjects/endpoints/rate-booking.js';
import { limitPartition, rateClocksKey, SLOT_PREFIX, seconds, slotKey } from './keys.js';
import { Table } from './table.js';

/** TTL of a slot that was never freed, counted from the end of its lease. */
const SLOT_KEPT_SECONDS = 30 * 24 * 60 * 60;
/** TTL of rate clocks: ten years, as of held runs, since bookings stand still while their endpoint is paused. */
const CLOCKS_KEPT_SECONDS = 10 * 366 * 24 * 60 * 60;

/** The clocks of an endpoint's rate limit, in one item. Unix milliseconds; no booking waits where a clock is absent. */
interface Clocks {
  readonly next_at?: number;
  readonly again_at?: number;
  readonly serve_at?: number;
}

const isBehind = (clock: keyof Clocks) => `(attribute_not_exists(${clock}) OR ${clock} <= :now)`;

/** Limits of endpoints, in the table of task runs. */
export function createLimitStore(client: DynamoDBDocumentClient, name: string): LimitStore {
  const table = new Table(client, name);
  return {
    async bookMoment(key, intervalMs, now) {
      const values = { interval: intervalMs, now };
      const noneWaits = [isBehind('next_at'), isBehind('serve_at'), isBehind('again_at')].join(' AND ');
      const next = { next: now + intervalMs, now };
      for (;;) {
        // An addition needs no read, so concurrent bookings do not repeat; only a clock that is not ahead is set.
        const ahead = await move(key, now, 'next_at = next_at + :interval', 'next_at > :now', values);
        if (ahead) return { at: ahead.next_at! - intervalMs, isTaken: false };
        if (await move(key, now, 'next_at = :next, serve_at = :next', noneWaits, next))
          return { at: now, isTaken: true };
        const { next_at = 0 } = await clocks(key);
        if (next_at <= now) return undefined;
      }
    },

    async takeMoment(key, intervalMs, now, until, missed) {
      // A clock that is late by less than an interval goes on from its own moment: otherwise calls that each come a
      // little late would lose a part of the rate.
      const rested = now - intervalMs;
      const whileFree = missed ? '' : ` AND (serve_at <= :now OR ${isBehind('again_at')})`;
      const values = { interval: intervalMs, rested, until, ...(!missed && { now }) };
      for (;;) {
        const update = 'serve_at = serve_at + :interval';
        const taken = await move(key, now, update, `serve_at BETWEEN :rested AND :until${whileFree}`, values);
        if (taken) return Math.max(now, taken.serve_at! - intervalMs);
        const { serve_at = -Infinity, again_at = -Infinity } = await clocks(key);
        if (serve_at > (missed || again_at <= now ? until : now)) return undefined;
        const afterRest = 'attribute_not_exists(serve_at) OR serve_at < :rested';
        if (serve_at < rested && (await move(key, now, 'serve_at = :now', afterRest, { now, rested }))) return now;
      }
    },

    async bookAgain(key, intervalMs, soonest) {
      const values = { interval: intervalMs, now: soonest };
      const anew = { again: soonest + intervalMs, now: soonest };
      for (;;) {
        const ahead = await move(key, soonest, 'again_at = again_at + :interval', 'again_at > :now', values);
        if (ahead) return ahead.again_at! - intervalMs;
        if (await move(key, soonest, 'again_at = :again', isBehind('again_at'), anew)) return soonest;
      }
    },

    async slots({ project, endpoint }) {
      const values = { pk: limitPartition(project, endpoint), slot: SLOT_PREFIX };
      const { items } = await table.page('pk = :pk AND begins_with(sk, :slot)', values, { ConsistentRead: true });
      return items.map(({ sk, run, holder, lease }) => ({
        index: Number(sk.slice(SLOT_PREFIX.length)),
        run,
        holder,
        lease,
      }));
    },

    takeSlot({ project, endpoint }, { index, run, holder, lease }: Slot, holders, now) {
      const key = slotKey(project, endpoint, index);
      const update = 'SET run = :run, holder = :holder, lease = :lease, #ttl = :ttl';
      const isFree = `attribute_not_exists(pk) OR lease <= :now OR holder IN (${holders.map((_, n) => `:of${n}`)})`;
      const owners = Object.fromEntries(holders.map((one, n) => [`of${n}`, one]));
      const ttl = seconds(lease) + SLOT_KEPT_SECONDS;
      return table.updateIf(key, update, isFree, { run, holder, lease, now, ttl, ...owners });
    },

    async freeSlot({ project, endpoint }, index, holder) {
      await table.removeIf(slotKey(project, endpoint, index), 'holder = :holder', { holder });
    },
  };

  /** The clocks after the write, if its condition held. */
  function move(
    { project, endpoint }: EndpointKey,
    now: number,
    change: string,
    when: string,
    values: Readonly<Record<string, number>>,
  ): Promise<Clocks | undefined> {
    const ttl = seconds(now) + CLOCKS_KEPT_SECONDS;
    return table.update(rateClocksKey(project, endpoint), `SET ${change}, #ttl = :ttl`, { ...values, ttl }, when);
  }

  async function clocks({ project, endpoint }: EndpointKey): Promise<Clocks> {
    return (await table.get<Clocks>(rateClocksKey(project, endpoint))) ?? {};
  }
}

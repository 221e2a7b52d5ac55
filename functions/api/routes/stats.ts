import * as z from 'zod/mini';
import { invalid } from '../../primitives/faults.js';
import { presentStats } from '../../subjects/stats/present-stats.js';
import { readHours } from '../../subjects/stats/read-hours.js';
import { HOUR_MS, hourOf } from '../../subjects/stats/stats-ports.js';
import { queryMoment } from '../http/query-moment.js';
import { route } from '../http/route.js';

const DEFAULT_RANGE_MS = 24 * HOUR_MS;

const statsQuery = z.strictObject({ from: z.optional(queryMoment), to: z.optional(queryMoment) });

export const routes = [
  route('GET /v1/stats', {
    needs: 'read',
    summary: 'Shows what came of deliveries, hour by hour.',
    description:
      'Attempts (success, failed, timed_out, blocked) are counted by their start, runs (dead_letters, skipped, ' +
      'cancelled) by their end. The last 24 hours unless from and to say otherwise; the current hour is live.',
    query: statsQuery,
    async handle({ query, projects, now }, ports) {
      const [from, until] = hoursOf(query, now, ports.keepMs);
      return { status: 200, body: presentStats(await readHours(ports, projects, from, until, now)) };
    },
  }),
];

/** @returns the full hours that the requested span touches, without the hour `until` */
function hoursOf({ from, to }: z.infer<typeof statsQuery>, now: number, keepMs: number): [from: number, until: number] {
  const end = Math.min(to ?? now, now);
  const start = from ?? end - DEFAULT_RANGE_MS;
  if (start >= end) throw invalid('from', 'Must be before to, and before now.');
  if (end - start > keepMs) throw invalid('from', `Ask for at most ${keepMs / 86_400_000} days; more is not kept.`);
  const until = hourOf(end - 1) + HOUR_MS;
  return [from === undefined ? until - DEFAULT_RANGE_MS : hourOf(start), until];
}

import { type Api, answerOf, type Schemas } from '../../api/client.js';
import type { Fires } from './week.js';

/** The most occurrences that the API shows in one answer. */
const PAGE = 50;

type Times = Pick<
  Schemas['Schedule'],
  'status' | 'cron' | 'timezone' | 'run_at' | 'start_at' | 'end_at' | 'max_runs' | 'runs'
>;

/** The occurrences of a schedule from a moment to another, by the API's preview; at most `most`. */
export async function firesBetween(
  api: Api,
  { cron, timezone, run_at, start_at, end_at }: Times,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
  signal: AbortSignal,
): Promise<Fires> {
  const first = Math.max(from, momentOf(start_at, 0));
  const last = Math.min(to, momentOf(end_at, Number.POSITIVE_INFINITY));
  if (cron === null)
    return { at: [momentOf(run_at, Number.NaN)].filter((at) => at >= first && at <= last), more: false };
  const found: number[] = [];
  for (let after = first - 1; after < last && found.length < most; ) {
    const body = { cron, timezone, from: new Date(after).toISOString(), count: PAGE };
    const { next } = await answerOf(api.POST('/v1/schedules/preview', { body, signal }));
    found.push(...next.map((at) => Date.parse(at)));
    if (next.length < PAGE) break; // it has no later ones
    after = found.at(-1)!;
  }
  const within = found.filter((at) => at <= last);
  return { at: within.slice(0, most), more: within.length > most || (found.length >= most && found.at(-1)! < last) };
}

/** How many runs are left to a schedule; none unless it is active. */
export const runsLeft = ({ status, max_runs, runs }: Times): number =>
  status === 'active' ? (max_runs ?? Number.POSITIVE_INFINITY) - runs : 0;

function momentOf(at: string | null, otherwise: number): number {
  return at === null ? otherwise : Date.parse(at);
}

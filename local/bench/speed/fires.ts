import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../../functions/primitives/map-bounded.js';
import { isoTime } from '../../../functions/primitives/moments.js';
import type { BenchStack } from './bench-stack.js';
import { type Delivery, deliveriesOf, untilArrived } from './load.js';

/** Distribution of fires within a second: even, as of many users, or all at its start, as of cron. */
export type Beat = 'spread' | 'aligned';

interface Fires {
  readonly perSecond: number;
  readonly seconds: number;
  readonly beat: Beat;
}

/** Time to create all schedules before the first fire. */
const LEAD_MS = 20_000;
const CREATION_MS = 60;
const AT_ONCE = 8;
/** Seconds in which functions start and compile their code, all on the same few cores. */
const WARMING_SECONDS = 10;

export interface Fired {
  /** Deliveries while the functions start. */
  readonly starting: Delivery[];
  /** Deliveries after the start. */
  readonly warm: Delivery[];
}

/** Creates schedules that fire this often a second, and resolves to all deliveries; counts calls from the fires on. */
export async function fireSchedules(
  { stack, api, calls }: BenchStack,
  { perSecond, seconds: wanted, beat }: Fires,
): Promise<Fired> {
  const url = `${stack.receiver}/ok`;
  const { id } = await api.request<{ id: string }>('POST', '/v1/endpoints', { name: 'bench', url });
  const seconds = wanted + WARMING_SECONDS;
  const schedules = beat === 'spread' ? perSecond * seconds : perSecond;
  const start = Math.ceil((Date.now() + LEAD_MS + schedules * CREATION_MS) / 1000) * 1000;
  const planned =
    beat === 'spread'
      ? Array.from({ length: schedules }, (_, n) => ({ run_at: isoTime(start + (n * 1000) / perSecond) }))
      : Array.from({ length: schedules }, () => ({ cron: '* * * * * *', start_at: isoTime(start), max_runs: seconds }));
  await mapBounded(planned, AT_ONCE, (when: object) =>
    api.request('POST', '/v1/schedules', { name: 'bench', endpoint_id: id, overlap_policy: 'allow', ...when }),
  );
  if (Date.now() > start - 10_000) throw new Error('this machine is too slow to create the schedules in time');
  calls.start();
  await sleep(start - Date.now());
  await untilArrived(() => calls.arrivals, perSecond * seconds);
  await sleep(1_000); // the last verdicts
  calls.stop();
  const deliveries = await deliveriesOf(api, id, perSecond * seconds);
  const isWarm = ({ started_at, lateness_ms }: Delivery) =>
    Date.parse(started_at) - lateness_ms >= start + WARMING_SECONDS * 1000;
  return { starting: deliveries.filter((one) => !isWarm(one)), warm: deliveries.filter(isWarm) };
}

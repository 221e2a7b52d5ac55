import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalStack, startLocalStack } from '../../local/local-stack.js';
import { MovableClock } from '../../local/movable-clock.js';
import { builtOnce } from '../support/built-once.js';
import { eventually } from '../support/eventually.js';
import { projectClient } from './world.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SCHEDULES = 12;
/** EventBridge Scheduler is asked 90 s ahead, and may be a minute late: SQS has the rest in hand by then. */
const HANDED_OVER_MS = 25_000;
/** The last stretch is lived through; a wake-up comes five seconds early. */
const LIVED_MS = 9_000;

const clock = new MovableClock();

interface Fired {
  readonly id: string;
  readonly run_at: string;
  readonly status: string;
}

/** Moves the stack to shortly before `moment`, as if EventBridge Scheduler and SQS had done their parts meanwhile. */
async function approach(stack: LocalStack, moment: number): Promise<void> {
  for (const ahead of [HANDED_OVER_MS, LIVED_MS]) {
    clock.advance(moment - ahead - clock.now());
    await stack.tick();
    await sleep(2_500);
  }
}

async function tellOf(stack: LocalStack): Promise<void> {
  const client = await projectClient(stack);
  const endpoint = await client.must('POST', '/v1/endpoints', { name: 'ok', url: `${stack.receiver}/ok` }, 'endpoint');
  const first = Math.ceil((clock.now() + 40 * MINUTE) / MINUTE) * MINUTE;
  const at = new Date(first);
  const cron = `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  const schedule = { name: 'daily', cron, endpoint_id: endpoint.id, max_runs: 2, misfire_grace_seconds: 600 };
  const created = Array.from({ length: SCHEDULES }, (_, n) => client.must('POST', '/v1/schedules', schedule, `${n}`));
  const ids: string[] = (await Promise.all(created)).map(({ id }) => id);
  const runsOf = (id: string) => client.all<Fired>(`/v1/schedules/${id}/runs`);

  for (const [index, moment] of [first, first + DAY].entries()) {
    await approach(stack, moment);
    const haveFired = async () => {
      const runs = (await Promise.all(ids.map(runsOf))).flat();
      return runs.length >= SCHEDULES * (index + 1) && runs.every(({ status }) => status === 'success');
    };
    await eventually(`fire ${index + 1} of all`, haveFired, 60_000);
  }
  for (const id of ids) {
    const runs = await runsOf(id);
    expect(runs.map(({ run_at }) => Date.parse(run_at))).toEqual([first + DAY, first]);
    for (const run of runs) {
      const received = await fetch(`${stack.receiver}/received?webhook_id=${run.id}`);
      expect(await received.json()).toHaveLength(1);
      const { attempts } = await client.must('GET', `/v1/tasks/${run.id}`);
      for (const { lateness_ms } of attempts) expect(lateness_ms).toBeGreaterThanOrEqual(0);
    }
    expect((await client.must('GET', `/v1/schedules/${id}`)).status).toBe('completed');
  }
}

test('however early, late or doubled their timers are, schedules fire once, and never early', async () => {
  const synthesized = builtOnce({ requestLeaseSeconds: 1 });
  const stack = await startLocalStack({ synthesized, clock, chaos: { seed: 7 }, log: () => {} });
  try {
    await tellOf(stack);
  } finally {
    await stack.close();
  }
}, 180_000);

import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { Scene } from '../scene.js';
import type { CrashStory } from '../story.js';
import type { Teller } from '../teller.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** By then EventBridge Scheduler has sent a wake-up: 90 s before its moment at the latest. SQS delays the rest. */
const SENT_BEFORE = 85;

/** A wake-up whose generation never came (its sender was overtaken) looks for it this long. */
const UNCOMMITTED = 5 * MINUTE + 20;

/** Every day at a moment that is so many minutes away, at most: a cron expression names whole minutes. */
function daily(t: Teller, minutesAhead: number): string {
  const at = new Date(t.scene.clock.now() + minutesAhead * MINUTE * 1000);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

/** Beyond what SQS can delay, so that EventBridge Scheduler holds the wake-up. */
function tomorrow(t: Teller): string {
  return daily(t, -5);
}

async function aSchedule(t: Teller, settings: object): Promise<string> {
  const target = { endpoint_id: await t.endpoint('/attempts/200') };
  // However late the clock's jumps make a fire, it is not missed.
  const whole = { name: 'story', ...target, misfire_grace_seconds: DAY, ...settings };
  return (await t.write('POST', '/v1/schedules', whole)).body.id;
}

const pass = (t: Teller, seconds: number) => t.together(() => t.later(seconds), 'delayed');

/** A day goes by, in two steps: what EventBridge Scheduler sends early must not wait for too long in SQS. */
async function passTheNight(t: Teller): Promise<void> {
  await pass(t, DAY - SENT_BEFORE);
  await pass(t, SENT_BEFORE + MINUTE);
}

export const scheduleStories: readonly CrashStory[] = [
  {
    name: 'a schedule fires today and tomorrow, and ends',
    stage: 'together',
    async tell(t) {
      const schedule = await aSchedule(t, { cron: daily(t, 10), max_runs: 2 });
      await pass(t, 10 * MINUTE);
      await passTheNight(t);
      await t.hasMade({ schedule_id: schedule }, ['success', 'success']);
    },
  },
  {
    name: 'a schedule is paused and resumed',
    stage: 'together',
    async tell(t) {
      t.ignore('deliverer');
      const schedule = await t.calmly(() => aSchedule(t, { cron: daily(t, 10), max_runs: 1 }));
      await t.write('PATCH', `/v1/schedules/${schedule}`, { status: 'paused' });
      await pass(t, 11 * MINUTE);
      await t.write('PATCH', `/v1/schedules/${schedule}`, { status: 'active' });
      await passTheNight(t);
      await t.hasMade({ schedule_id: schedule }, ['success']);
    },
  },
  {
    name: 'a schedule is changed',
    stage: 'together',
    async tell(t) {
      t.ignore('deliverer');
      const schedule = await t.calmly(() => aSchedule(t, { cron: tomorrow(t), max_runs: 1 }));
      await t.write('PATCH', `/v1/schedules/${schedule}`, { cron: daily(t, 10) });
      await pass(t, 10 * MINUTE);
      await passTheNight(t);
      await t.hasMade({ schedule_id: schedule }, ['success']);
    },
  },
  {
    name: 'a run that was made ahead is made anew',
    stage: 'together',
    async tell(t) {
      const late = { max_runs: 1, jitter_seconds: HOUR };
      const schedule = await t.calmly(() => aSchedule(t, { cron: daily(t, 10), ...late }));
      await pass(t, 10 * MINUTE);
      await t.write('PATCH', `/v1/schedules/${schedule}`, { endpoint_id: await t.endpoint('/attempts/200') });
      await pass(t, HOUR);
      await t.hasMade({ schedule_id: schedule }, ['success']);
    },
  },
  {
    name: 'a schedule is deleted',
    stage: 'together',
    async tell(t) {
      const schedule = await t.calmly(() => aSchedule(t, { cron: tomorrow(t) }));
      await t.write('DELETE', `/v1/schedules/${schedule}`);
      await passTheNight(t);
      await t.hasMade({ schedule_id: schedule }, []);
    },
  },
  {
    name: 'a missed occurrence is skipped',
    stage: 'together',
    async tell(t) {
      const missed = { misfire_policy: 'skip', misfire_grace_seconds: 1 };
      const schedule = await t.calmly(() => aSchedule(t, { cron: daily(t, 10), max_runs: 1, ...missed }));
      await pass(t, 12 * MINUTE);
      await t.hasMade({ schedule_id: schedule }, ['skipped']);
    },
  },
  {
    name: 'a lost wake-up is armed again',
    stage: 'together',
    async tell(t) {
      t.ignore('deliverer');
      const schedule = await t.calmly(() => aSchedule(t, { cron: tomorrow(t), max_runs: 1 }));
      await t.together(() => loseWakeUps(t.scene));
      await pass(t, DAY + 20 * MINUTE);
      await t.together(() => reconcile(t.scene));
      // Should the dispatcher have died of the first one's probe, that says only now how far its queue has got.
      await pass(t, 15 * MINUTE);
      await t.together(() => reconcile(t.scene));
      await pass(t, UNCOMMITTED);
      await t.hasMade({ schedule_id: schedule }, ['success']);
    },
  },
  {
    name: 'a task whose wake-up was lost goes out again',
    stage: 'together',
    async tell(t) {
      t.ignore('deliverer');
      const endpoint = await t.endpoint('/attempts/200');
      const run = await t.calmly(() => t.created(endpoint, { delay_seconds: 60 * MINUTE }));
      await t.together(() => loseWakeUps(t.scene));
      // It is put on a list, which has its turn when the lane has left the moment behind.
      for (const minutes of [15, 60, 15]) {
        await pass(t, minutes * MINUTE);
        await t.together(() => reconcile(t.scene));
      }
      await t.ends(run, 'success', [1, 1]);
    },
  },
];

async function loseWakeUps({ console: { scheduler } }: Scene): Promise<void> {
  for (;;) {
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
    if (Schedules.length === 0) return;
    for (const { GroupName, Name } of Schedules) await scheduler.send(new DeleteScheduleCommand({ GroupName, Name }));
  }
}

/** As the rule does every 15 minutes: a round that dies is followed by the next. */
async function reconcile({ stack }: Scene): Promise<void> {
  const isDone = () =>
    stack
      .functionPool('Reconciler')
      .invoke({})
      .then(
        () => true,
        () => false,
      );
  while (!(await isDone()));
}

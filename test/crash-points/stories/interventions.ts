import type { CrashStory } from '../story.js';
import type { Teller } from '../teller.js';

/** The intervention always comes before the retry, however slow the machine is: the test moves the clock. */
const RETRY_LATER = { attempts: 2, backoffSeconds: 600 };

/** The token of an attempt that will not be made looks for a replay that may be on its way, for five minutes. */
const GIVEN_UP_SECONDS = 320;

/** The token of the retry, which is stale by now, comes back and ends. */
async function outlive(t: Teller): Promise<void> {
  await t.together(() => t.later(RETRY_LATER.backoffSeconds), 'delayed');
}

async function aWaitingRetry(t: Teller, endpoint?: string): Promise<string> {
  const run = await t.create(endpoint ?? (await t.endpoint('/attempts/503,200', RETRY_LATER)));
  await t.reached(run, 'retry_scheduled');
  return run;
}

export const interventionStories: readonly CrashStory[] = [
  {
    name: 'cancel while delayed',
    stage: 'together',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/200');
      const run = await t.created(endpoint, { delay_seconds: 600 });
      await t.write('POST', `/v1/tasks/${run}/cancel`);
      await t.ends(run, 'cancelled', [0, 0]);
      await t.together(() => t.later(600), 'delayed');
    },
  },
  {
    name: 'cancel while running',
    stage: 'alone',
    async tell(t) {
      const endpoint = await t.endpoint('/held/503', { timeoutMs: 20_000 });
      const run = await t.created(endpoint);
      await t.called(run);
      await t.write('POST', `/v1/tasks/${run}/cancel`);
      t.scene.receiver.release(run);
      await t.ends(run, 'cancelled', [0, 1]);
    },
  },
  {
    name: 'cancel while waiting for a retry',
    stage: 'together',
    async tell(t) {
      const run = await t.calmly(() => aWaitingRetry(t));
      await t.write('POST', `/v1/tasks/${run}/cancel`);
      await t.ends(run, 'cancelled', [1, 1]);
      await outlive(t);
    },
  },
  {
    name: 'run a retry job now',
    stage: 'together',
    async tell(t) {
      const run = await t.calmly(() => aWaitingRetry(t));
      await t.write('POST', `/v1/retry-jobs/${run.replace('run_', 'rj_')}/run`);
      await t.ends(run, 'success', [2, 2]);
      await outlive(t);
    },
  },
  {
    name: 'give a retry job up',
    stage: 'together',
    async tell(t) {
      const run = await t.calmly(() => aWaitingRetry(t));
      await t.write('DELETE', `/v1/retry-jobs/${run.replace('run_', 'rj_')}`);
      await t.ends(run, 'dead_letter', [1, 1]);
      await outlive(t);
      await t.together(() => t.later(GIVEN_UP_SECONDS), 'delayed');
    },
  },
  {
    name: 'endpoint disabled half-way',
    stage: 'together',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/503,200', { attempts: 2, backoffSeconds: 600, own: true });
      const run = await t.calmly(() => aWaitingRetry(t, endpoint));
      await t.write('PATCH', `/v1/endpoints/${endpoint}`, { status: 'disabled' });
      await t.together(() => t.later(600), 'delayed');
      await t.ends(run, 'dead_letter', [1, 1]);
      await t.together(() => t.later(GIVEN_UP_SECONDS), 'delayed');
    },
  },
];

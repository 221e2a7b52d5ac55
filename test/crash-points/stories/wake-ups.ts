import type { CrashStory } from '../story.js';

/** Beyond what SQS can delay, so that EventBridge Scheduler has to wake the run up. */
const BACKOFF_SECONDS = 2_000;
/** By then every schedule has fired: 90 s before the due moment at the latest; SQS delays the rest. */
const FIRED_SECONDS = BACKOFF_SECONDS - 85;

export const wakeUpStories: readonly CrashStory[] = [
  {
    name: 'a backoff beyond 15 minutes',
    stage: 'together',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/503,200', { attempts: 2, backoffSeconds: BACKOFF_SECONDS });
      const run = await t.created(endpoint);
      await t.reached(run, 'retry_scheduled');
      await t.together(() => t.later(FIRED_SECONDS));
      await t.together(() => t.later(BACKOFF_SECONDS - FIRED_SECONDS), 'delayed');
      await t.ends(run, 'success', [2, 2]);
    },
  },
];

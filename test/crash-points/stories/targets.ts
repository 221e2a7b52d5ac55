import type { CrashStory } from '../story.js';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

const TARGETS = [
  ['a queue', { type: 'sqs', arn: arn('sqs', 'trial') }],
  ['a FIFO queue', { type: 'sqs', arn: arn('sqs', 'trial.fifo') }],
  ['a topic', { type: 'sns', arn: arn('sns', 'orders') }],
  ['a bus', { type: 'eventbridge', arn: arn('events', 'event-bus/orders') }],
  ['a function', { type: 'lambda', arn: arn('lambda', 'function:orders') }],
  ['a state machine', { type: 'stepfunctions', arn: arn('states', 'stateMachine:orders') }],
] as const;

export const targetStories: readonly CrashStory[] = [
  ...TARGETS.map(
    ([what, target]): CrashStory => ({
      name: `to ${what}`,
      stage: 'alone',
      async tell(t) {
        const run = await t.created(await t.endpoint(target), { payload: { order: 1 } });
        await t.ends(run, 'success', [1, 1], { once: what === 'a FIFO queue' });
      },
    }),
  ),
  {
    // A call whose worker died may have been the one that was throttled.
    name: 'to a function that is throttled once',
    stage: 'alone',
    async tell(t) {
      const throttled = { type: 'lambda', arn: arn('lambda', 'function:flaky-1'), invocation: 'Event' };
      const run = await t.created(await t.endpoint(throttled, { attempts: 2 }), { payload: { order: 1 } });
      await t.ends(run, 'success', [1, 2]);
    },
  },
];

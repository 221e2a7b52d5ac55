import * as z from 'zod/mini';
import * as runtimeEnv from '../../functions/runtime/env.js';
import { deployed, local, ofType } from './synthesized.js';

const DELIVERERS = ['FastLaneDeliverer', 'SlowLaneDeliverer', 'CrowdedLaneDeliverer'];

/** Groups of variables that only some functions read, by one of their names; all other groups are for everyone. */
const READERS: Record<string, string[]> = {
  LANE: DELIVERERS,
  MASTER_SECRET_ARN: ['Api', ...DELIVERERS],
  REQUEST_LEASE_SECONDS: ['Api'],
  FAST_LANE_DLQ_URL: ['Reconciler'],
  REPLAY_QUEUE_URL: ['Dispatcher'],
};

const groups = Object.values(runtimeEnv).filter((exported) => exported instanceof z.ZodMiniObject);

test('the code says what it reads in groups of variables', () => {
  const names = groups.flatMap((group) => Object.keys(group.shape));
  expect(names).toEqual(expect.arrayContaining(['RUNS_TABLE', 'SCHEDULE_GROUP', ...Object.keys(READERS)]));
});

describe.each([...deployed, local])('environment in $stage', (template) => {
  const functions = Object.entries(ofType(template, 'AWS::Lambda::Function'));
  test.each(functions.filter(([name]) => !name.startsWith('Custom')))(
    '%s finds all it reads',
    (name, { Properties }) => {
      const told = Object.entries(Properties.Environment.Variables).map(([key, value]) => [
        key,
        asDeployed(key, value),
      ]);
      for (const group of groups.filter(({ shape }) => isReadBy(name, Object.keys(shape)))) {
        expect(group.safeParse(Object.fromEntries(told)).error).toBeUndefined();
      }
    },
  );
});

function isReadBy(name: string, variables: string[]): boolean {
  return variables.every((variable) => READERS[variable]?.includes(name) ?? true);
}

/** An intrinsic function stands for a URL where the name says so. */
function asDeployed(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return name.endsWith('_URL') ? 'https://sqs.us-east-1.amazonaws.com/123456789012/queue' : 'resolved';
}

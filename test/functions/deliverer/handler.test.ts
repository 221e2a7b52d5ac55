import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, SQSEvent } from 'aws-lambda';
import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import { countedMetrics } from '../../support/counted-metrics.js';
import { FUNCTION_ENVIRONMENT } from '../../support/function-environment.js';
import { aRun, MemoryWorld } from '../../support/memory-world.js';

const mockWiring = jest.fn();
jest.mock('../../../functions/runtime/deliverer-wiring.js', () => ({ wireDeliverer: mockWiring }));

Object.assign(process.env, FUNCTION_ENVIRONMENT, { POWERTOOLS_LOG_LEVEL: 'SILENT' });

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** The handler as Lambda has it, in a world whose changes of visibility take a while. */
async function wired({
  isOver = async () => false,
  ofLane = 'fast',
}: {
  isOver?: () => Promise<boolean>;
  ofLane?: string;
} = {}) {
  const world = new MemoryWorld();
  const changed: string[] = [];
  const change = async (handle: string) => {
    await sleep(20);
    changed.push(handle);
  };
  const lane = { send: async () => {}, visibility: { change } };
  const settings = { againMs: 5_000, againMostMs: 900_000, poisonMs: 86_400_000 };
  const failures = { settings, metrics: countedMetrics(), log: () => {}, now: Date.now, random: Math.random };
  const shares = { isOver, occupying: (_of: object, _span: object, work: () => unknown) => work() };
  const workers = { fast: world.worker, slow: world.worker };
  const crowded: string[] = [];
  const sendToCrowdedLane = async ({ body }: { readonly body: string }) => void crowded.push(body);
  const passing = { sendToCrowdedLane, noteCrowded: () => {} };
  mockWiring.mockReturnValue({ workers, lane: ofLane, queue: lane, shares, failures, ...passing });
  jest.resetModules();
  const { handler } = await import('../../../functions/deliverer/handler.js');
  const invoke = (...bodies: string[]) => handler({ Records: bodies.map(recordOf) } as SQSEvent, context);
  return { world, changed, crowded, invoke };
}

function recordOf(body: string, index: number) {
  return {
    messageId: `message-${index}`,
    receiptHandle: `handle-${index}`,
    body,
    attributes: { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: '0', SentTimestamp: '0' },
    messageAttributes: {},
  };
}

// Lambda freezes what an invocation leaves behind: the message would come again after the queue's own timeout of minutes.
test.each([
  ['was handled', false],
  ['failed', true],
])('an invocation whose message %s ends after its changes of visibility', async (_how, fails) => {
  const { world, changed, invoke } = await wired();
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await createRun(world.ports, aRun());
  if (fails) world.ports.runs.begin = () => Promise.reject(new Error('throttled'));
  await Promise.allSettled([invoke(JSON.stringify(world.messages[0]!.token)).finally(() => changed.push('the end'))]);
  write.mockRestore();
  expect(world.calls).toHaveLength(fails ? 0 : 1);
  expect(changed).toContain('handle-0');
  expect(changed.at(-1)).toBe('the end');
});

test.each([
  ['fast', undefined],
  ['crowded', true],
])('a call from the %s lane has waited for the share of its project: %s', async (lane, waited) => {
  const { world, invoke } = await wired({ ofLane: lane });
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const run = aRun();
  await createRun(world.ports, run);
  await invoke(JSON.stringify(world.messages[0]!.token));
  write.mockRestore();
  expect(world.states.get(run.id)!.first_attempt!.waited).toBe(waited);
});

test('a message of a project over its share goes on to the crowded lane, without a claim; its run was read meanwhile', async () => {
  let isRead = false;
  const { world, crowded, invoke } = await wired({
    isOver: async () => {
      await sleep(20);
      expect(isRead).toBe(true);
      return true;
    },
  });
  await createRun(world.ports, aRun({ due: Date.now() - 1 }));
  const begun = jest.spyOn(world.ports.runs, 'begin');
  const { definition } = world.ports.runs;
  world.ports.runs.definition = (key) => {
    isRead = true;
    return definition(key);
  };
  const body = JSON.stringify(world.messages[0]!.token);
  expect(await invoke(body)).toMatchObject({ batchItemFailures: [] });
  expect(crowded).toEqual([body]);
  expect(world.calls).toEqual([]);
  expect(begun).not.toHaveBeenCalled();
});

test('a message that is early goes there before it waits for its moment', async () => {
  const { world, crowded, invoke } = await wired({ isOver: async () => true });
  await createRun(world.ports, aRun({ due: world.now + 60_000 }));
  const body = JSON.stringify(world.messages[0]!.token);
  await invoke(body);
  expect(crowded).toEqual([body]);
  expect(world.messages).toHaveLength(1);
});

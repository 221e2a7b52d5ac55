import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stretch } from '../../functions/protocol/sweep/sweep-ports.js';
import { createProbes } from '../../functions/queues/quarantine.js';
import { createWorkedOff } from '../../functions/storage/sweep-store.js';
import { settingsFor } from '../../lib/config.js';
import { percentile } from '../../local/bench/speed/load.js';
import type { FunctionPool } from '../../local/function-pool.js';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

/**
 * With SHARE_MEASURED=yes the calls of a noisy project take as long as they may, in both lanes: seventy-five environments
 * and two minutes, on a machine that does nothing else. PROJECT_SHARE=1 shows what happens without a share.
 */
const IS_MEASURED = process.env['SHARE_MEASURED'] === 'yes';
/** The lanes of the stage `dev`. */
const { fastLaneConcurrency, slowLaneConcurrency, crowdedLaneConcurrency, projectShare } = settingsFor('dev');
const starting = suiteWorld({
  errors: true, // calls are still under way when the stack closes
  environmentLimit: fastLaneConcurrency,
  settings: { projectShare: Number(process.env['PROJECT_SHARE'] ?? projectShare) },
});

const SLOW = { lane: 'Slow', timeout_ms: 60_000, places: slowLaneConcurrency, mostMs: 5_000 };
const FAST = { lane: 'Fast', timeout_ms: 30_000, places: fastLaneConcurrency, mostMs: 1_000 };
const STORIES = [
  { ...SLOW, runs: 200, callMs: 59_000, quietRuns: 80 },
  { ...FAST, runs: 600, callMs: 25_000, quietRuns: 80 },
];
const LOCAL_ACCESS = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const ENDPOINTS = 20;
const APART_MS = 500;

test('a probe of a message group goes through the crowded lane, too; a probe of the queue does not', async () => {
  const { stack, project } = await starting;
  const client = new DynamoDBClient({ ...LOCAL_ACCESS, endpoint: stack.dynamodb });
  const table = stack.functionPool('Api').definition.environment['RUNS_TABLE']!;
  const clocks = createWorkedOff(DynamoDBDocumentClient.from(client), table);
  const { sqs } = awsConsole(stack);
  const urls = { fast: stack.queueUrl('FastLaneQueue'), slow: '', 'wake-ups': '' };
  const probeOf = async (stretch: Stretch) => {
    await createProbes(sqs, urls).probe(stretch, 5);
    await eventually('the probe has come', async () => (await clocks.workedOff(stretch)) === 5);
    return stack.functionPool('CrowdedLaneDeliverer').workers().length;
  };
  expect(await probeOf({ queue: 'fast' })).toBe(0);
  expect(await probeOf({ queue: 'fast', group: `${project.id}#1` })).toBeGreaterThan(0);
  client.destroy();
});

const testMeasured = IS_MEASURED ? test : test.skip;
testMeasured.each(STORIES)(
  '$lane lane: $runs calls of $callMs ms of one project do not hold up another',
  async (story) => {
    const world = await starting;
    const receiver = await scriptedServer(async (_request, response) => {
      await sleep(story.callMs, undefined, { ref: false });
      response.end();
    });
    try {
      const pool = world.stack.functionPool(`${story.lane}LaneDeliverer`);
      const crowded = world.stack.functionPool('CrowdedLaneDeliverer');
      await startAhead(pool, story.places);
      await startAhead(crowded, crowdedLaneConcurrency);
      const noisy = new Tenant(await world.newProject());
      const quiet = await world.endpoint('/ok', { timeout_ms: story.timeout_ms });
      await flood(noisy, receiver.url, story);

      const most = { lane: 0, crowded: 0 };
      for (let n = 0; n < story.quietRuns; n++) {
        await world.task(quiet.id);
        await sleep(APART_MS);
        most.lane = Math.max(most.lane, atWork(pool));
        most.crowded = Math.max(most.crowded, atWork(crowded));
      }
      const latenesses = await eventually(
        'all quiet calls are made',
        () => latenessesOf(world, quiet.id, story),
        80_000,
      );
      const shown = [0.5, 0.9, 0.99, 1]
        .map((share) => `p${share * 100} ${percentile(latenesses, share)} ms`)
        .join(', ');
      console.log(`${story.lane}: ${shown}; at work at most: ${JSON.stringify(most)}`);

      expect(percentile(latenesses, 0.99)).toBeLessThan(story.mostMs);
      // About half: the quiet calls take a place or two as well.
      expect(most.lane).toBeLessThan(story.places * 0.65);
      expect(most.crowded).toBeGreaterThan(0);
    } finally {
      await receiver.close();
    }
  },
  400_000,
);

async function startAhead(pool: FunctionPool, count: number): Promise<void> {
  pool.warm(count);
  await eventually('the environments are there', () => pool.workers().length === count, 120_000);
}

async function flood(noisy: Tenant, url: string, { runs, timeout_ms }: { runs: number; timeout_ms: number }) {
  const endpoints = await Promise.all(Array.from({ length: ENDPOINTS }, () => noisy.endpoint(url, { timeout_ms })));
  for (let left = runs; left > 0; left -= 100) {
    const batch = Array.from({ length: Math.min(100, left) }, (_, n) => ({
      endpoint_id: endpoints[n % ENDPOINTS]!.id,
    }));
    expectStatus(await noisy.api.post('/v1/tasks/batch', { tasks: batch }), 200);
  }
}

/** Undefined until all are known. */
async function latenessesOf(world: Tenant, endpoint: string, { quietRuns }: { quietRuns: number }) {
  const { data } = expectStatus(await world.api.get(`/v1/deliveries?endpoint_id=${endpoint}&page_size=100`), 200).body;
  return data.length < quietRuns ? undefined : data.map((it: { lateness_ms: number }) => it.lateness_ms);
}

const atWork = (pool: FunctionPool): number => pool.workers().filter(({ requestId }) => requestId !== undefined).length;

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Processors } from '../../local/processors.js';

test('processors that this process keeps busy are busy', async () => {
  const processors = new Processors();
  const spin = 'const end = Date.now() + 1500; while (Date.now() < end);';
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(spin, { eval: true }));
  await sleep(200);
  processors.busyShare();
  await sleep(1_000);
  expect(processors.busyShare()).toBeGreaterThan(0.6);
  await Promise.all(workers.map((worker) => worker.terminate()));
});

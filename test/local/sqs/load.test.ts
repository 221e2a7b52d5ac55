import { Broker } from '../../../local/sqs/broker.js';
import { DEFAULT_SETTINGS } from '../../../local/sqs/queue-settings.js';

const still = new AbortController().signal;

/** Milliseconds the work takes. */
async function timed(work: () => Promise<void> | void): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

it('receives and deletes from 100,000 messages as fast as from a few', async () => {
  const broker = new Broker(undefined, Date.now);
  const queue = broker.define('big', DEFAULT_SETTINGS);
  const drain = async (batches: number) => {
    for (let n = 0; n < batches; n++) {
      const deliveries = await broker.poll(queue, { max: 10, visibilitySeconds: 30 }, 0, still);
      for (const { handle } of deliveries) broker.delete(queue, handle);
    }
  };
  for (let n = 0; n < 2_000; n++) broker.send(queue, { body: `${n}`, group: `g${n % 100}` });
  await drain(100);
  const few = await timed(() => drain(100));
  for (let n = 0; n < 100_000; n++)
    broker.send(queue, { body: `${n}`, group: `g${n % 100}`, ...(n % 2 === 0 && { delaySeconds: 900 }) });
  const many = await timed(() => drain(500));
  expect(queue.counts()).toEqual({ visible: 45_000, inFlight: 0, delayed: 50_000 });
  // Five times the batches, with a tenfold allowance; a scan on each receive would take hundreds of times as long.
  expect(many).toBeLessThan(50 * few + 500);
  broker.close();
});

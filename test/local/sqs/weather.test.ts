import { Broker, type QueueWeather } from '../../../local/sqs/broker.js';
import { DEFAULT_SETTINGS } from '../../../local/sqs/queue-settings.js';

let now = 0;
const NEVER = new AbortController().signal;
const FAIR: QueueWeather = { lateMs: () => 0, againMs: () => undefined };

function queueIn(weather: Partial<QueueWeather>) {
  now = 1_000;
  const broker = new Broker(undefined, () => now, { ...FAIR, ...weather });
  const queue = broker.define('q', { ...DEFAULT_SETTINGS, visibilityTimeoutSeconds: 30 });
  const receive = async () => (await broker.poll(queue, { max: 1, visibilitySeconds: 30 }, 0, NEVER))[0];
  return { broker, queue, receive };
}

test('a message comes late, and behind one that was sent after it', async () => {
  const late = [500, 0];
  const { broker, queue, receive } = queueIn({ lateMs: () => late.shift()! });
  broker.send(queue, { body: 'first' });
  broker.send(queue, { body: 'second' });
  expect((await receive())?.message.body).toBe('second');
  expect(await receive()).toBeUndefined();
  now += 500;
  expect((await receive())?.message.body).toBe('first');
});

test('a message comes again while a consumer works on it; only the last handle deletes it', async () => {
  const again = [200, undefined, undefined];
  const { broker, queue, receive } = queueIn({ againMs: () => again.shift() });
  broker.send(queue, { body: 'x' });
  const first = await receive();
  now += 200;
  const second = await receive();
  expect(second?.message).toMatchObject({ id: first?.message.id, receives: 2 });
  broker.delete(queue, first!.handle);
  expect(queue.messages.size).toBe(1);
  broker.delete(queue, second!.handle);
  expect(queue.messages.size).toBe(0);
});

test('a message that was deleted comes again', async () => {
  const again = [undefined, 100, undefined, undefined];
  const { broker, queue, receive } = queueIn({ againMs: () => again.shift() });
  broker.send(queue, { body: 'x' });
  broker.delete(queue, (await receive())!.handle);
  expect(await receive()).toBeUndefined();
  now += 100;
  const second = await receive();
  expect(second?.message.body).toBe('x');
  broker.delete(queue, second!.handle);
  now += 100_000;
  expect(await receive()).toBeUndefined();
});

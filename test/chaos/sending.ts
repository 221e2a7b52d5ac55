import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../local/chaos/random.js';
import type { Book } from './book.js';
import { inRequests, type PlannedTask } from './workload.js';
import { type ChaosWorld, taskBody } from './world.js';

/** Requests under way at the same time. */
const AT_ONCE = 12;
/** Of the requests, so many are repeated although they were answered. */
const DOUBTED = 0.05;
const LATEST_CANCEL_MS = 1_500;
const REPEAT_MS = 500;

interface Entry {
  readonly status: number;
  readonly task?: { readonly id: string };
}

/** Creates all tasks, alone and in batches, and cancels those whose client is fickle; resolves when all is answered. */
export async function sendAll(seed: number, tasks: readonly PlannedTask[], world: ChaosWorld, book: Book) {
  const requests = inRequests(seed, tasks).entries();
  const cancelling: Promise<void>[] = [];
  const sender = async () => {
    for (const [number, request] of requests) {
      const random = randomFrom(seed, `sending ${number}`);
      await create(world, book, request, `tasks ${number}`);
      if (random.chance(DOUBTED)) await create(world, book, request, `tasks ${number}`);
      for (const task of request)
        if (task.meddling === 'cancel' && task.kind !== 'far')
          cancelling.push(cancelLater(world, book, task, random.between(0, LATEST_CANCEL_MS)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  await Promise.all(cancelling);
}

async function create(world: ChaosWorld, book: Book, request: readonly PlannedTask[], key: string): Promise<void> {
  const [first] = request;
  if (request.length === 1) {
    const { id } = await world.client.must('POST', '/v1/tasks', taskBody(world, first!), key);
    return book.promise(first!.task, id);
  }
  const body = { tasks: request.map((task) => taskBody(world, task)) };
  // The same key again: what a try has made under it is not made twice.
  for (;;) {
    const { data } = (await world.client.must('POST', '/v1/tasks/batch', body, key)) as { data: Entry[] };
    for (const [index, { task }] of data.entries()) if (task) book.promise(request[index]!.task, task.id);
    const refused = data.find(({ status }) => status !== 201 && status < 500);
    if (refused) throw new Error(`an entry of a batch was refused: ${JSON.stringify(refused)}`);
    if (data.every(({ status }) => status === 201)) return;
    world.client.repeats++;
    await sleep(REPEAT_MS);
  }
}

async function cancelLater(world: ChaosWorld, book: Book, { task }: PlannedTask, afterMs: number): Promise<void> {
  await sleep(afterMs);
  await cancel(world, book, book.runs.get(task)!);
}

export async function cancel({ client }: ChaosWorld, book: Book, run: string): Promise<void> {
  const { status, body } = await client.send('POST', `/v1/tasks/${run}/cancel`, undefined, `cancel ${run}`);
  book.told(run, 'cancel', status, body?.status);
}

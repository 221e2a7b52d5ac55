import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../functions/primitives/map-bounded.js';
import { runIdOf } from '../../functions/subjects/events/event-runs.js';
import { randomFrom } from '../../local/chaos/random.js';
import type { Book } from './book.js';
import { sendToIntake } from './intake.js';
import { EVENT_NAME, inRequests, type PlannedTask } from './workload.js';
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
  readonly event?: { readonly id: string };
}

/**
 * Creates all tasks, alone and in batches, some of them by events, spread over `spreadMs`, and cancels those whose client is
 * fickle. Resolves when all is answered.
 */
export async function sendAll(
  seed: number,
  tasks: readonly PlannedTask[],
  world: ChaosWorld,
  book: Book,
  spreadMs = 0,
): Promise<void> {
  const planned = inRequests(seed, tasks);
  const began = Date.now();
  const cancelling: Promise<void>[] = [];
  await mapBounded(planned, AT_ONCE, async (request, number) => {
    const random = randomFrom(seed, `sending ${number}`);
    await sleep(Math.max(0, began + (spreadMs * number) / planned.length - Date.now()));
    await create(world, book, request, `tasks ${number}`);
    if (random.chance(DOUBTED)) await create(world, book, request, `tasks ${number}`);
    for (const task of request)
      if (task.meddling === 'cancel' && task.kind !== 'far')
        cancelling.push(cancelLater(world, book, task, random.between(0, LATEST_CANCEL_MS)));
  });
  await Promise.all(cancelling);
}

async function create(world: ChaosWorld, book: Book, request: readonly PlannedTask[], key: string): Promise<void> {
  const heard = request.filter(({ kind }) => kind === 'heard');
  const asked = request.filter(({ kind, intake }) => kind !== 'heard' && !intake);
  const byIntake = request.filter(({ intake }) => intake);
  const tasks = asked.map((task) => taskBody(world, task));
  const events = heard.map(({ payload }) => ({ event_name: EVENT_NAME, payload }));
  const runOf = ({ id }: { readonly id: string }) => runIdOf(id, world.endpoints.get('heard')!);
  await Promise.all([
    ...byIntake.map((task) => sendToIntake(world, book, task)),
    createAll(world, `${key} asked`, '/v1/tasks', { tasks }, (index, made) =>
      book.promise(asked[index]!.task, made.id),
    ),
    createAll(world, `${key} heard`, '/v1/events', { events }, (index, made) =>
      book.promise(heard[index]!.task, runOf(made)),
    ),
  ]);
}

async function createAll(
  { client }: ChaosWorld,
  key: string,
  path: string,
  body: Readonly<Record<string, readonly object[]>>,
  note: (index: number, made: { readonly id: string }) => void,
): Promise<void> {
  const [entries] = Object.values(body) as [readonly object[]];
  if (entries.length === 0) return;
  if (entries.length === 1) return note(0, await client.must('POST', path, entries[0], key));
  // The same key again: what a try has made under it is not made twice.
  for (;;) {
    const { data } = (await client.must('POST', `${path}/batch`, body, key)) as { data: Entry[] };
    for (const [index, { task, event }] of data.entries()) if (task ?? event) note(index, (task ?? event)!);
    const refused = data.find(({ status }) => status >= 300 && status < 500);
    if (refused) throw new Error(`an entry of a batch was refused: ${JSON.stringify(refused)}`);
    if (data.every(({ status }) => status < 300)) return;
    client.repeats++;
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

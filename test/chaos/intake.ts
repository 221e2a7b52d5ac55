import { setTimeout as sleep } from 'node:timers/promises';
import { sendBatch } from '../../local/queue-client.js';
import type { Book } from './book.js';
import type { PlannedTask } from './workload.js';
import { type ChaosWorld, taskBody } from './world.js';

const PAUSE_MS = 500;

/** The intake queue answers with no run, so a task has a name by which its run is found. */
const PREFIX = 'by the intake ';

/** Sends the task until SQS has taken it. */
export async function sendToIntake(world: ChaosWorld, book: Book, task: PlannedTask): Promise<void> {
  const { project } = world.client;
  const name = `${PREFIX}${task.task}`;
  const message = JSON.stringify({ project, task: { ...taskBody(world, task), name }, idempotency_key: name });
  while (!(await wasTaken(world, message))) await sleep(PAUSE_MS);
  book.taken.add(task.task);
}

async function wasTaken({ client: { project }, intake }: ChaosWorld, message: string): Promise<boolean> {
  const { sqs, intakeQueue } = intake!();
  return sendBatch(sqs, intakeQueue, [message], project).then(
    () => true,
    () => false,
  );
}

/** Finds the runs of all that the intake queue has taken. What is not there after `patienceMs`, the audit misses. */
export async function findTaken({ client }: ChaosWorld, book: Book, patienceMs: number): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    for (const { id, name } of await client.all<{ id: string; name: string | null }>('/v1/tasks'))
      if (name?.startsWith(PREFIX)) book.promise(Number(name.slice(PREFIX.length)), id);
    if ([...book.taken].every((task) => book.runs.has(task)) || Date.now() > end) return;
    await sleep(PAUSE_MS);
  }
}

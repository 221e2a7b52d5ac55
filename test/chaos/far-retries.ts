import { setTimeout as sleep } from 'node:timers/promises';
import type { Book } from './book.js';
import { cancel } from './sending.js';
import { isFinal } from './shown.js';
import type { Meddling, PlannedTask } from './workload.js';
import type { ChaosWorld } from './world.js';

const PAUSE_MS = 1_500;
const PATIENCE_MS = 60_000;

/**
 * Retries that wait in EventBridge Scheduler for longer than this test: each is made now, given up or cancelled by its
 * client, once it shows among the retry jobs. Resolves when `sent` has and every one of them is decided; or a while after, for
 * one whose message was lost shows only when the reconciler has found it.
 */
export async function decideFarRetries(
  tasks: readonly PlannedTask[],
  world: ChaosWorld,
  book: Book,
  sent: Promise<unknown>,
): Promise<void> {
  const undecided = new Map(tasks.filter(({ kind }) => kind === 'far').map(({ task, meddling }) => [task, meddling!]));
  let end = Infinity;
  void sent.finally(() => {
    end = Date.now() + PATIENCE_MS;
  });
  while (undecided.size > 0 && Date.now() < end) {
    const over = end < Infinity;
    for (const [task, meddling] of await waitingFor(undecided, world, book)) {
      await decide(world, book, book.runs.get(task)!, meddling);
      undecided.delete(task);
    }
    if (over) await forgetFinished(undecided, world, book);
    await sleep(PAUSE_MS);
  }
}

async function waitingFor(undecided: Map<number, Meddling>, { client, endpoints }: ChaosWorld, book: Book) {
  const jobs = await client.all<{ task_id: string }>(`/v1/retry-jobs?endpoint_id=${endpoints.get('far')}`);
  const waiting = new Set(jobs.map(({ task_id }) => task_id));
  return [...undecided].filter(([task]) => waiting.has(book.runs.get(task) ?? ''));
}

async function decide(world: ChaosWorld, book: Book, run: string, meddling: Meddling): Promise<void> {
  const job = `/v1/retry-jobs/${run.replace('run_', 'rj_')}`;
  if (meddling === 'cancel') return cancel(world, book, run);
  const { status, body } =
    meddling === 'run now'
      ? await world.client.send('POST', `${job}/run`, undefined, `run ${run}`)
      : await world.client.send('DELETE', job, undefined, `give up ${run}`);
  book.told(run, meddling, status, body?.status);
}

/** A worker lost too often ends a run before it ever waits for its retry. */
async function forgetFinished(undecided: Map<number, Meddling>, { client }: ChaosWorld, book: Book): Promise<void> {
  for (const task of [...undecided.keys()]) {
    if (isFinal(await client.must('GET', `/v1/tasks/${book.runs.get(task)}`))) undecided.delete(task);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Book } from './book.js';
import type { PersistentClient } from './persistent-client.js';

/** What the API shows in the end: list rows, as far as the audit looks. */
export interface Shown {
  readonly runs: readonly ShownRun[];
  /** Ids, as the lists of all endpoints have them. */
  readonly runsOfEndpoints: readonly string[];
  readonly attempts: readonly ShownAttempt[];
  readonly letters: readonly ShownLetter[];
}

export interface ShownRun {
  readonly id: string;
  readonly endpoint_id: string | null;
  readonly status: string;
  readonly attempt_count: number;
  readonly max_attempts: number;
}

interface ShownAttempt {
  readonly task_id: string;
  readonly attempt: number;
  readonly status: string;
  readonly http_status: number | null;
}

export interface ShownLetter {
  readonly id: string;
  readonly task_id: string;
  readonly reason: string;
  readonly status: 'open' | 'replayed' | 'resolved';
  readonly created_at: string;
}

const FINAL: ReadonlySet<string> = new Set(['success', 'dead_letter', 'cancelled', 'skipped']);
const PAUSE_MS = 700;

export async function readAll(client: PersistentClient): Promise<Shown> {
  const runs = await client.all<ShownRun>('/v1/tasks');
  const attempts = await client.all<ShownAttempt>('/v1/deliveries');
  const letters = await client.all<ShownLetter>('/v1/dead-letters');
  const endpoints = await client.all<{ id: string }>('/v1/endpoints');
  const lists = endpoints.map(({ id }) => client.all<ShownRun>(`/v1/tasks?endpoint_id=${id}`));
  const runsOfEndpoints = (await Promise.all(lists)).flat().map(({ id }) => id);
  return { runs, runsOfEndpoints, attempts, letters };
}

/**
 * Resolves when all that was promised is there and no run is on its way any more, or after `patienceMs`: then the audit
 * will find what is lost or stuck.
 * @returns whether nothing is
 */
export async function untilAllFinal(
  client: PersistentClient,
  { runs: promised }: Book,
  patienceMs: number,
): Promise<boolean> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const runs = await client.all<ShownRun>('/v1/tasks');
    const isOver = runs.length >= promised.size && runs.every(({ status }) => FINAL.has(status));
    if (isOver || Date.now() > end) return isOver;
    await sleep(PAUSE_MS);
  }
}

export const isFinal = ({ status }: ShownRun): boolean => FINAL.has(status);

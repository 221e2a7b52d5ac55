import type { Meddling } from './workload.js';

/** What clients were told; the audit holds everything else against it. */
export class Book {
  /** The run that each task number was promised. */
  readonly runs = new Map<number, string>();
  readonly meddlings: Told[] = [];
  /** Requests that were sent a second time although they had an answer, and got another one. */
  readonly contradictions: string[] = [];
  /** Dead letters whose replay, or resolution, was confirmed. */
  readonly replayed = new Set<string>();
  readonly resolved = new Set<string>();

  /** Tasks that the intake queue has taken, which answers with no run. */
  readonly taken = new Set<number>();

  promise(task: number, run: string): void {
    const before = this.runs.get(task);
    if (before !== undefined && before !== run) this.contradictions.push(`task ${task}: ${before}, then ${run}`);
    this.runs.set(task, run);
  }

  told(run: string, meddling: Meddling, status: number, shown?: string): void {
    this.meddlings.push({ run, meddling, status, ...(shown && { shown }), at: Date.now() });
  }
}

interface Told {
  readonly run: string;
  readonly meddling: Meddling;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The run's status in the answer. */
  readonly shown?: string;
  /** When the answer came, Unix milliseconds. */
  readonly at: number;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from './execution-environment.js';
import type { FunctionPool } from './function-pool.js';
import type { QueueClient } from './queue-client.js';
import { fittingBatches, sqsRecord, succeeded } from './sqs-event.js';

/** An event source mapping from a queue to a function. */
export interface QueueMapping {
  readonly queueArn: string;
  readonly batchSize: number;
  /** Batching window in seconds; 0 takes the messages of one receive. */
  readonly windowSeconds: number;
  /** Most messages of one receive, since SQS may return fewer than there are; by default the batch size. */
  readonly receivesAtMost?: number | undefined;
  /** Most batches that the function handles at the same time. */
  readonly maximumConcurrency: number;
  readonly reportsFailures: boolean;
}

/**
 * Lambda starts with five batches at a time and adds up to 300 a minute while messages wait; when traffic is low, it goes
 * back to five (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). AWS does not say in which steps:
 * here evenly, and back when no batch is under way.
 */
const FIRST_BATCHES = 5;
const ADDED_EACH_MS = 60_000 / 300;

const LONG_POLL_SECONDS = 20;
/** Pause after a receive that failed. */
const RETRY_MS = 500;

/** Polls a queue and invokes a function with its messages, as Lambda does, until closed. */
export class QueuePoller {
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly polling: Promise<void>;
  /** Most batches at the same time, for now. */
  private allowed = FIRST_BATCHES;
  private adding: Promise<void> | undefined;

  constructor(
    private readonly mapping: QueueMapping,
    private readonly queue: QueueClient,
    private readonly pool: FunctionPool,
    private readonly log: Log,
  ) {
    this.polling = this.poll();
  }

  /** Stops receiving; functions finish their batches. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.polling;
  }

  /** Resolves when the function has finished all batches; call this after `close`. */
  async drained(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async poll(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        const records = await this.gather(signal);
        for (const batch of fittingBatches(records)) await this.handOver(batch);
      } catch (error) {
        if (signal.aborted) return;
        this.log(this.pool.definition.name, `cannot poll ${this.mapping.queueArn}: ${messageOf(error)}`);
        await sleep(RETRY_MS);
      }
    }
  }

  /** One batch: the messages of the first receive that brings any and, with a window, of the receives within it. */
  private async gather(signal: AbortSignal): Promise<SQSRecord[]> {
    const { batchSize, receivesAtMost = batchSize, windowSeconds, queueArn } = this.mapping;
    const messages = await this.queue.receive(Math.min(batchSize, receivesAtMost), LONG_POLL_SECONDS, signal);
    const end = Date.now() + windowSeconds * 1000;
    while (messages.length > 0 && messages.length < batchSize && Date.now() < end) {
      const wait = Math.min(LONG_POLL_SECONDS, Math.ceil((end - Date.now()) / 1000));
      messages.push(...(await this.queue.receive(batchSize - messages.length, wait, signal)));
    }
    return messages.map((message) => sqsRecord(message, queueArn));
  }

  /** Returns as soon as a further batch may be received. */
  private async handOver(batch: SQSRecord[]): Promise<void> {
    if (this.underWay.size === 0) this.allowed = FIRST_BATCHES;
    if (this.underWay.size >= this.allowed) await this.roomForOneMore();
    const done = this.process(batch).finally(() => this.underWay.delete(done));
    this.underWay.add(done);
    if (this.underWay.size >= this.mapping.maximumConcurrency) await Promise.race(this.underWay);
  }

  private async roomForOneMore(): Promise<void> {
    this.adding ??= sleep(ADDED_EACH_MS).then(() => {
      this.allowed += 1;
      this.adding = undefined;
    });
    await Promise.race([this.adding, ...this.underWay]);
  }

  private async process(batch: SQSRecord[]): Promise<void> {
    try {
      const answer = await this.pool.invoke({ Records: batch });
      await this.queue.delete(succeeded(batch, answer, this.mapping.reportsFailures));
    } catch (error) {
      // The messages become visible again after the queue's visibility timeout.
      if (!this.closing.signal.aborted) this.log(this.pool.definition.name, `batch failed: ${messageOf(error)}`);
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

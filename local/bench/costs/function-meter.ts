import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { FunctionPool } from '../../function-pool.js';
import type { FunctionProcesses } from './function-processes.js';
import {
  API_CHUNK_BYTES,
  INVOCATION_LINES_BYTES,
  LOG_LINE_BYTES,
  ONE_PROCESSOR_MB,
  SQS_CHUNK_BYTES,
} from './prices.js';
import { AWS_CALL_MS, RECEIVER_MS } from './receiver.js';
import { sum, times, type Units, units } from './units.js';

/** Average costs of a function's invocations, without its calls. */
export interface Invocations {
  readonly invocations: number;
  /** Whether SQS causes the invocations, so that one invocation may have several messages. */
  readonly isFed: boolean;
  /** SQS records of the invocations; a request counts as one. */
  readonly messages: number;
  /** Units of one invocation, which do not depend on its number of messages. */
  readonly perInvocation: Units;
  /** Units of one message: processor time. */
  readonly perMessage: Units;
}

/** A message that is due later than this is put back without a call. */
const HELD_MS = 3_000;

/**
 * Counts one function's invocations, their time and their log lines. Time is the necessary waits (for AWS, for the
 * receiver, for the due moment) and processor time, so that a busy machine gives the same time.
 */
export class FunctionMeter {
  private count = 0;
  private messages = 0;
  private isFed = false;
  private waitMs = 0;
  private own = units();
  private processorBefore = 0;

  constructor(
    private readonly pool: FunctionPool,
    /** Processes that serve the function in place of the pool. */
    private readonly processes: FunctionProcesses,
    private readonly facts: {
      /** Whether the queue of this ARN is a fair one. */
      isFair(queueArn: string): boolean;
      /** Bytes of the access log for each request. */
      readonly accessLogBytes: number;
    },
  ) {
    pool.invoke = async (event) => {
      // Invocations by a timer belong to no delivery: their price is monthly.
      if (!isOfDelivery(event)) return undefined;
      this.note(event);
      return processes.invoke(event);
    };
  }

  /** Counts from zero. */
  reset(): void {
    this.count = 0;
    this.messages = 0;
    this.waitMs = 0;
    this.own = units();
    this.processorBefore = this.processes.processorMs();
  }

  line(text: string): void {
    this.own.logBytes += Buffer.byteLength(text) + LOG_LINE_BYTES;
  }

  /**
   * The counts. The function's calls to AWS came in `rounds`, one after the other. A function gets only a share of a
   * processor, and is slower than this machine by that share.
   */
  read(rounds: number): Invocations {
    const { memoryMb } = this.pool.definition;
    const processorMs = this.processes.processorMs() - this.processorBefore;
    const gbSeconds = (ms: number) => (ms / 1000) * (memoryMb / 1024);
    const waiting = gbSeconds(this.waitMs + rounds * AWS_CALL_MS);
    const working = gbSeconds(processorMs / Math.min(1, memoryMb / ONE_PROCESSOR_MB));
    return {
      invocations: this.count,
      isFed: this.isFed,
      messages: this.messages,
      perInvocation: times(1 / Math.max(1, this.count), sum([this.own, { gbSeconds: waiting }])),
      perMessage: units({ gbSeconds: working / Math.max(1, this.messages) }),
    };
  }

  private note(event: SQSEvent | APIGatewayProxyEventV2): void {
    this.count++;
    const isBatch = 'Records' in event;
    this.isFed = isBatch;
    this.messages += isBatch ? event.Records.length : 1;
    if (isBatch) this.waitMs += Math.max(0, ...event.Records.map(({ body }) => callWaitMs(body)));
    const invocation = { functionRequests: 1, logBytes: INVOCATION_LINES_BYTES };
    this.own = sum([this.own, invocation, isBatch ? this.queueUnits(event) : this.requestUnits(event)]);
  }

  /** Receive and delete of the event source mapping. Empty receives belong to no delivery: their price is monthly. */
  private queueUnits({ Records }: SQSEvent): Partial<Units> {
    const bytes = Records.reduce((total, { body }) => total + Buffer.byteLength(body), 0);
    const sqsRequests = Math.ceil(bytes / SQS_CHUNK_BYTES) + 1;
    return { sqsRequests, ...(this.facts.isFair(Records[0]!.eventSourceARN) && { fairRequests: sqsRequests }) };
  }

  private requestUnits({ body = '', headers }: APIGatewayProxyEventV2): Partial<Units> {
    const bytes = JSON.stringify(headers).length + body.length;
    return { apiRequests: Math.ceil(bytes / API_CHUNK_BYTES), logBytes: this.facts.accessLogBytes };
  }
}

function isOfDelivery(event: unknown): event is SQSEvent | APIGatewayProxyEventV2 {
  return typeof event === 'object' && event !== null && ('Records' in event || 'headers' in event);
}

/** Milliseconds from the due moment of a message to the answer of its call. */
function callWaitMs(body: string): number {
  const { kind, due } = JSON.parse(body) as { kind: string; due?: number };
  const early = Math.max(0, (due ?? 0) - Date.now());
  return kind === 'deliver' && early < HELD_MS ? early + RECEIVER_MS : 0;
}

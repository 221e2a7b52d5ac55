import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { FunctionPool } from '../../function-pool.js';
import { API_CHUNK_BYTES, LOG_LINE_BYTES, ONE_PROCESSOR_MB, SQS_CHUNK_BYTES } from './prices.js';
import { sum, times, type Units, units } from './units.js';

/** What invocations of a function cost by themselves, on average. */
export interface Invocations {
  readonly invocations: number;
  /** Whether SQS causes them, so that one may bring along several messages. */
  readonly isFed: boolean;
  /** SQS records that they brought along; requests count as one. */
  readonly messages: number;
  /** Of one invocation: whatever it was called for, however many messages. */
  readonly perInvocation: Units;
  /** Of one message: the processor's time. */
  readonly perMessage: Units;
}

/** Counts the invocations of one function, their time and what they print. */
export class FunctionMeter {
  private count = 0;
  private messages = 0;
  private isFed = false;
  private wallMs = 0;
  private own = units();
  private processorBefore = 0;

  constructor(
    private readonly pool: FunctionPool,
    private readonly facts: {
      /** Whether the queue of this ARN is a fair one. */
      isFair(queueArn: string): boolean;
      /** What the access log takes for each request. */
      readonly accessLogBytes: number;
    },
  ) {
    const invoke = pool.invoke.bind(pool);
    pool.invoke = async (event) => {
      const start = performance.now();
      const answer = await invoke(event);
      this.note(event as SQSEvent | APIGatewayProxyEventV2, performance.now() - start);
      return answer;
    };
  }

  /** Counts from zero. */
  reset(): void {
    this.count = 0;
    this.messages = 0;
    this.wallMs = 0;
    this.own = units();
    this.processorBefore = this.processorMs();
  }

  line(text: string): void {
    this.own.logBytes += Buffer.byteLength(text) + LOG_LINE_BYTES;
  }

  /**
   * What was counted. `share` of the time in which this machine's threads wanted a processor they had one: a crowd on it is
   * not the function's. A function's processor is slower than this machine's by its share of one.
   */
  read(share: number): Invocations {
    const { memoryMb } = this.pool.definition;
    const invocations = Math.max(1, this.count);
    const activeMs = this.processorMs() - this.processorBefore;
    const gbSeconds = (ms: number) => (ms / 1000) * (memoryMb / 1024);
    const waitMs = Math.max(0, this.wallMs - activeMs);
    const processorMs = (activeMs * share) / Math.min(1, memoryMb / ONE_PROCESSOR_MB);
    const own = sum([this.own, { gbSeconds: gbSeconds(waitMs) }]);
    return {
      invocations: this.count,
      isFed: this.isFed,
      messages: this.messages,
      perInvocation: times(1 / invocations, own),
      perMessage: units({ gbSeconds: gbSeconds(processorMs) / Math.max(1, this.messages) }),
    };
  }

  /** While its threads were not idle. */
  processorMs(): number {
    return this.pool.workers().reduce((total, environment) => total + environment.activeMs(), 0);
  }

  private note(event: SQSEvent | APIGatewayProxyEventV2, ms: number): void {
    this.count++;
    this.wallMs += ms;
    const isBatch = 'Records' in event;
    this.isFed = isBatch;
    this.messages += isBatch ? event.Records.length : 1;
    this.own = sum([this.own, { functionRequests: 1 }, isBatch ? this.queueUnits(event) : this.requestUnits(event)]);
  }

  /** The event source mapping's receive and delete. Its empty receives are no delivery's: they come by the month. */
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

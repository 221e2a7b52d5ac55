import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { refusal } from '../../local/chaos/aws-faults.js';
import type { Interceptor } from '../../local/interception.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local/local-stack.js';
import { MovableClock } from '../../local/movable-clock.js';
import { allItems } from '../support/all-items.js';
import { eventually } from '../support/eventually.js';

const ENVIRONMENTS = 4;
/** As long as a call of these stories takes at most: a deployment lets invocations finish. */
const GRACE_MS = 5_000;
const STEP_MS = 60_000;
const STEPS_OF_A_QUARTER = 15;
const LOOK_MS = 100;
const CALM_LOOKS = 3;
/** A project's dispatcher writes so much before a stalled fan-out or bulk replay stops. */
const STALLED_WRITES = 5;
const PATIENCE_MS = 30_000;

/** A local stack over one data folder, whose release changes as in a deployment: the tables, queues, port and clock stay. */
export class SwitchedStack {
  readonly folder = mkdtempSync(join(tmpdir(), 'punctual-releases-'));
  readonly data = join(this.folder, 'data');
  /** When the old release's functions were told to end, and when they had ended; Unix milliseconds. */
  readonly switches: number[] = [];
  /** What the functions printed. */
  readonly log: string[] = [];
  private readonly clock = new MovableClock();
  private readonly stalled = new Map<string, number>();
  private running: LocalStack | undefined;

  get api(): string {
    return this.running!.api;
  }

  get operatorKey(): string {
    return this.running!.operatorKey;
  }

  /** What is stored, whatever a release shows of it. */
  async rows(table: 'CONFIG_TABLE' | 'RUNS_TABLE') {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ endpoint: this.running!.dynamodb, region: 'us-east-1', credentials });
    const name = this.running!.functionPool('Api').definition.environment[table]!;
    return allItems(DynamoDBDocumentClient.from(client), name).finally(() => client.destroy());
  }

  now(): number {
    return this.clock.now();
  }

  async start(synthesized: Synthesized): Promise<void> {
    const { data, clock } = this;
    this.running = await startLocalStack({
      data,
      clock,
      synthesized,
      environmentLimit: ENVIRONMENTS,
      ...(this.running && { port: Number(new URL(this.running.api).port) }),
      intercept: this.intercept,
      log: (source, line) => line.startsWith('{"_aws"') || this.log.push(`${source}: ${line}`),
    });
    for (const pool of this.running.functions) pool.warm();
  }

  /** The other release takes over. What was stalled goes on under it. */
  async switchTo(synthesized: Synthesized): Promise<void> {
    this.switches.push(Date.now());
    await this.running!.close({ graceMs: GRACE_MS });
    this.switches.push(Date.now());
    this.stalled.clear();
    await this.start(synthesized);
  }

  /** From now until the switch the dispatcher writes a few items of this project, and is refused the others. */
  stall(project: string): void {
    this.stalled.set(project, 0);
  }

  async untilStalled(project: string): Promise<void> {
    await eventually('the dispatcher is refused', () => this.isStalled(project));
  }

  private isStalled(project: string): boolean {
    return this.stalled.get(project)! > STALLED_WRITES;
  }

  private readonly intercept: Interceptor = async (call, forward) => {
    const text =
      /^(Put|Update)Item$/.test(call.operation) && call.environment.startsWith('Dispatcher')
        ? call.body.toString()
        : '';
    const project = [...this.stalled.keys()].find((id) => text.includes(id));
    if (project === undefined) return forward();
    this.stalled.set(project, this.stalled.get(project)! + 1);
    return this.isStalled(project) ? refusal(call.service, 'throttled') : forward();
  };

  /** So many minutes pass, a minute at a time and only while no function works, since a lease must not run out meanwhile. */
  async passes(minutes: number): Promise<void> {
    for (let step = 1; step <= minutes; step++) {
      await this.quiet();
      this.clock.advance(STEP_MS);
      await this.running!.tick();
      if (step % STEPS_OF_A_QUARTER === 0) await this.running!.functionPool('Reconciler').invoke({});
    }
    await this.quiet();
  }

  private async quiet(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (let calm = 0; calm < CALM_LOOKS && Date.now() < end; await sleep(LOOK_MS)) {
      const isBusy = this.running!.functions.some((pool) => pool.workers().some(({ requestId }) => requestId));
      calm = isBusy ? 0 : calm + 1;
    }
  }

  async stop(): Promise<void> {
    await this.running!.close({ graceMs: GRACE_MS });
  }

  async dispose({ keep }: { keep: boolean }): Promise<void> {
    await this.running?.close({ graceMs: 0 });
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

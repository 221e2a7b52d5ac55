import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { ChaosOptions } from '../../local/chaos/chaos.js';
import type { Storm } from '../../local/chaos/storms.js';
import type { Synthesized } from '../../local/local-stack.js';
import type { StackOrder, StackReady } from './stack-process.js';

const ENVIRONMENTS = 4;

/** A local stack in a process of its own that may be killed and started again, on the same data and the same port. */
export class KillableStack {
  /** When it was killed, Unix milliseconds. */
  readonly kills: number[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'punctual-chaos-'));
  private readonly logFile = join(this.folder, 'stack.log');
  private process: ChildProcess | undefined;
  private ready: StackReady | undefined;
  private starts = 0;
  private said: Interface | undefined;
  /** By how many milliseconds its clock is ahead of this machine's. */
  ahead = 0;
  /** What answers for services of AWS that are only targets. */
  targets = '';
  /** By how much it was ahead, from this moment of its own clock on. */
  private readonly jumps: { readonly from: number; readonly ahead: number }[] = [];
  private readonly storms: Storm[] = [];
  /** Kills and starts happen one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    synthesized: Synthesized,
    private readonly seed: number,
    /** One in so many messages and schedules is lost. */
    private readonly losesOneIn?: number,
  ) {
    this.use(synthesized);
  }

  private use(synthesized: Synthesized): void {
    writeFileSync(join(this.folder, 'stack.json'), JSON.stringify(synthesized));
  }

  /** From its next start on, which is now, the stack is in this storm when the storm's time has come. */
  async meet(storm: Storm): Promise<void> {
    this.storms.push(storm);
    await this.restart();
  }

  /** Another release takes over: what was under way is killed, as a deploy does not. */
  async deploy(synthesized: Synthesized): Promise<void> {
    this.use(synthesized);
    await this.restart();
  }

  /** As the power does when it fails, and comes back. */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.kill();
      await this.start();
    });
  }

  private inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => {});
    return done;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  get api(): string {
    return this.ready!.api;
  }

  /** A moment of its clock, by this machine's. */
  realTime(at: number): number {
    return at - (this.jumps.findLast(({ from }) => from <= at)?.ahead ?? 0);
  }

  /** The SQS as it is now: a restart may give it another port. */
  get sqs(): Pick<StackReady, 'sqs' | 'intakeQueue'> {
    return this.ready!;
  }

  get operatorKey(): string {
    return this.ready!.operatorKey;
  }

  /** What the functions printed so far. */
  log(): string[] {
    return readFileSync(this.logFile, 'utf8').split('\n');
  }

  /** Each start draws other faults; a calm one none. */
  async start({ calm = false } = {}): Promise<void> {
    const order: StackOrder = {
      data: this.data,
      port: this.ready ? Number(new URL(this.ready.api).port) : 0,
      aheadMs: this.ahead,
      synthesized: join(this.folder, 'stack.json'),
      environmentLimit: ENVIRONMENTS,
      targets: this.targets,
      ...(!calm && { chaos: this.chaos(), storms: this.storms }),
    };
    const log = openSync(this.logFile, 'a');
    const script = join(__dirname, 'stack-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)], {
      stdio: ['pipe', 'pipe', log],
    });
    closeSync(log);
    this.process = child;
    this.said = createInterface({ input: child.stdout! });
    const [line] = await Promise.race([once(this.said, 'line'), once(child, 'exit').then(() => [])]);
    if (line === undefined) throw new Error(`the stack does not start:\n${this.log().slice(-30).join('\n')}`);
    this.ready = JSON.parse(line) as StackReady;
  }

  /** So many milliseconds pass at once, and then comes a round of the reconciler. */
  async passes(ms: number): Promise<void> {
    this.ahead += ms;
    this.jumps.push({ from: Date.now() + this.ahead, ahead: this.ahead });
    const passed = once(this.said!, 'line');
    this.process!.stdin!.write(`${ms}\n`);
    await passed;
  }

  private chaos(): ChaosOptions {
    const { losesOneIn } = this;
    return { seed: this.seed * 1000 + this.starts++, schedulerSpeed: 20, ...(losesOneIn && { losesOneIn }) };
  }

  /** As the power does when it fails. */
  async kill(): Promise<void> {
    this.kills.push(Date.now());
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** The stack's folder may stay, for a search for the cause. */
  async dispose({ keep = false } = {}): Promise<void> {
    await this.end('SIGKILL');
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

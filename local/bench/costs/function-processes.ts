import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FunctionDefinition, Log } from '../../execution-environment.js';

interface Answer {
  readonly result?: string;
  readonly error?: { readonly errorMessage: string };
  readonly processor: NodeJS.CpuUsage;
}

/** Execution environments of a function, each a process, so that their processor time can be measured alone. */
export class FunctionProcesses {
  private readonly idle: ChildProcess[] = [];
  private readonly waiting: ((child: ChildProcess) => void)[] = [];
  /** Milliseconds of processor time, user and system, by process. */
  private readonly processor = new Map<ChildProcess, { start: number; now: number }>();

  constructor(
    private readonly definition: FunctionDefinition,
    /** Most processes; further invocations wait. */
    private readonly limit: number,
    private readonly log: Log,
  ) {}

  async invoke(event: unknown): Promise<unknown> {
    const child = await this.environment();
    const answered = once(child, 'message') as Promise<[Answer]>;
    const deadline = Date.now() + this.definition.timeoutSeconds * 1000;
    child.send({ requestId: randomUUID(), payload: JSON.stringify(event), deadline });
    const [{ result, error, processor }] = await answered;
    this.processor.get(child)!.now = milliseconds(processor);
    this.free(child);
    if (error !== undefined) throw new Error(`${this.definition.name} failed: ${error.errorMessage}`);
    return JSON.parse(result!);
  }

  /** Processor time of all processes without their start: a cold start is measured separately. */
  processorMs(): number {
    return [...this.processor.values()].reduce((total, { start, now }) => total + now - start, 0);
  }

  close(): void {
    for (const child of this.processor.keys()) child.kill();
  }

  private async environment(): Promise<ChildProcess> {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.processor.size === this.limit) return new Promise((resolve) => this.waiting.push(resolve));
    const child = start(this.definition, this.processor.size + 1, this.log);
    this.processor.set(child, { start: 0, now: 0 });
    const [{ processor }] = (await once(child, 'message')) as [Answer];
    const loaded = milliseconds(processor);
    this.processor.set(child, { start: loaded, now: loaded });
    return child;
  }

  private free(child: ChildProcess): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(child);
    else next(child);
  }
}

function start(
  { name, code, handler, memoryMb, environment }: FunctionDefinition,
  number: number,
  log: Log,
): ChildProcess {
  const [file = '', exportName = ''] = handler.split('.');
  const context = { functionName: name, memoryLimitInMB: String(memoryMb), logStreamName: 'local' };
  const data = { bundle: join(code, `${file}.js`), exportName, context };
  const child = fork(join(__dirname, 'function-process.cjs'), [JSON.stringify(data)], {
    env: { ...environment, AWS_SDK_UA_APP_ID: `${name}-${number}` },
    execArgv: [], // a bundle needs no TypeScript loader
    silent: true,
  });
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => log(name, line));
  return child;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

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

/** Execution environments of a function, each a process: what they take of the processor is theirs alone. */
export class FunctionProcesses {
  private readonly all: ChildProcess[];
  private readonly idle: ChildProcess[];
  private readonly processor = new Map<ChildProcess, number>();
  private readonly started: Promise<unknown>;

  private readonly waiting: ((child: ChildProcess) => void)[] = [];

  constructor(
    private readonly definition: FunctionDefinition,
    count: number,
    log: Log,
  ) {
    this.all = Array.from({ length: count }, (_, index) => start(definition, index + 1, log));
    this.idle = [...this.all];
    this.started = Promise.all(this.all.map((child) => once(child, 'message')));
  }

  async invoke(event: unknown): Promise<unknown> {
    await this.started;
    const child = this.idle.pop() ?? (await new Promise<ChildProcess>((resolve) => this.waiting.push(resolve)));
    const answered = once(child, 'message') as Promise<[Answer]>;
    const deadline = Date.now() + this.definition.timeoutSeconds * 1000;
    child.send({ requestId: randomUUID(), payload: JSON.stringify(event), deadline });
    const [{ result, error, processor }] = await answered;
    this.processor.set(child, (processor.user + processor.system) / 1000);
    this.free(child);
    if (error !== undefined) throw new Error(`${this.definition.name} failed: ${error.errorMessage}`);
    return JSON.parse(result!);
  }

  private free(child: ChildProcess): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(child);
    else next(child);
  }

  /** User and system, since the start. */
  processorMs(): number {
    return [...this.processor.values()].reduce((total, ms) => total + ms, 0);
  }

  close(): void {
    for (const child of this.all) child.kill();
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
    execArgv: [], // the bench's TypeScript loader is no business of a bundle
    silent: true,
  });
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => log(name, line));
  return child;
}

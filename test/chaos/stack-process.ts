import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/local-stack.js';
import { MovableClock } from '../../local/movable-clock.js';

/** What the process runs, and what it says in one line of JSON on stdout once it runs. */
export interface StackOrder extends Pick<LocalStackOptions, 'chaos' | 'environmentLimit' | 'storms' | 'targets'> {
  readonly data: string;
  readonly port: number;
  /** By how much its clock is ahead of this machine's. */
  readonly aheadMs: number;
  /** JSON file with the synthesized stack. */
  readonly synthesized: string;
}
export interface StackReady {
  readonly api: string;
  readonly operatorKey: string;
  readonly sqs: string;
  readonly intakeQueue: string;
}

/** The local stack in a process of its own, so that it can be killed: `tsx stack-process.ts <order as JSON>`. */
async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  const { synthesized, aheadMs, ...order } = JSON.parse(process.argv[2]!) as StackOrder;
  const clock = new MovableClock();
  clock.advance(aheadMs);
  const stack = await startLocalStack({ ...order, clock, synthesized: JSON.parse(readFileSync(synthesized, 'utf8')) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stack.close().then(() => process.exit(0)));
  const orders = createInterface({ input: process.stdin });
  orders.once('close', () => process.exit(0)); // the process that started this one has died
  orders.on('line', (line) => void letTimePass(stack, clock, Number(line)));
  for (const pool of stack.functions) pool.warm();
  const { api, operatorKey, sqs } = stack;
  const ready: StackReady = { api, operatorKey, sqs, intakeQueue: stack.queueUrl('IntakeQueue') };
  console.log(JSON.stringify(ready));
}

/** So many milliseconds pass at once, and then comes a round of the reconciler; says when that is over. */
async function letTimePass(stack: LocalStack, clock: MovableClock, ms: number): Promise<void> {
  clock.advance(ms);
  await stack.tick();
  // A round that fails goes on with the next one.
  await stack
    .functionPool('Reconciler')
    .invoke({})
    .catch((error) => console.error(error));
  console.log('passed');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

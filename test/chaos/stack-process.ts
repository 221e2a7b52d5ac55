import { readFileSync } from 'node:fs';
import { type LocalStackOptions, startLocalStack } from '../../local/local-stack.js';

/** What the process runs, and what it says in one line of JSON on stdout once it runs. */
export interface StackOrder extends Pick<LocalStackOptions, 'chaos' | 'environmentLimit' | 'storms'> {
  readonly data: string;
  readonly port: number;
  /** JSON file with the synthesized stack. */
  readonly synthesized: string;
}
export interface StackReady {
  readonly api: string;
  readonly operatorKey: string;
}

/** The local stack in a process of its own, so that it can be killed: `tsx stack-process.ts <order as JSON>`. */
async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  const { synthesized, ...order } = JSON.parse(process.argv[2]!) as StackOrder;
  const stack = await startLocalStack({ ...order, synthesized: JSON.parse(readFileSync(synthesized, 'utf8')) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stack.close().then(() => process.exit(0)));
  process.stdin.resume().once('end', () => process.exit(0)); // whoever started it has died
  for (const pool of stack.functions) pool.warm();
  console.log(JSON.stringify({ api: stack.api, operatorKey: stack.operatorKey } satisfies StackReady));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

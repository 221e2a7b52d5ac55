import { spawnSync } from 'node:child_process';

/** A language whose client is generated, compiled strictly, and used. */
export interface Client {
  readonly name: string;
  /** Why it cannot be checked here; undefined when it can. */
  whatIsMissing(): string | undefined;
  /** Generates from the document into its own folder, compiles, and calls every operation. @throws Error with what was printed */
  check(document: string, env: Readonly<Record<string, string>>): Promise<void>;
}

/** Whether a program is there and answers. */
export function answers(command: string, ...probe: string[]): boolean {
  return spawnSync(command, probe, { stdio: 'ignore' }).status === 0;
}

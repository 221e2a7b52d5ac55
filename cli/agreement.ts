import { createInterface } from 'node:readline/promises';
import { CommandFault, EXIT } from './exit-codes.js';

/** Asks at the terminal. @throws CommandFault unless the answer is yes */
export async function agreed(question: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFault('Nothing was changed.', EXIT.failed);
}

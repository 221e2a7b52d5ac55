import { completionCommand } from './commands/completion.js';
import { devCommand } from './commands/dev.js';
import { fileCommands } from './commands/file.js';
import { importCommands } from './commands/import.js';
import { listenCommand } from './commands/listen.js';
import { loginCommand } from './commands/login.js';
import { manyCommands } from './commands/many.js';
import { mcpCommand } from './commands/mcp.js';
import { preflightCommand } from './commands/preflight.js';
import { runCommands } from './commands/runs.js';
import { scheduleCommands } from './commands/schedule.js';
import { sendCommands } from './commands/send.js';
import { tailCommand } from './commands/tail.js';
import { verifyCommand } from './commands/verify.js';
import { EXIT, explain } from './exit-codes.js';
import { coloured } from './output.js';
import { newProgram } from './program.js';

const program = newProgram();
// A file of its own in the npm package, too, so that no other command loads it.
devCommand(program, () => import('../local/start.js'));
preflightCommand(program);
loginCommand(program);
sendCommands(program);
scheduleCommands(program);
runCommands(program);
manyCommands(program);
tailCommand(program);
listenCommand(program);
verifyCommand(program);
fileCommands(program);
importCommands(program);
mcpCommand(program);
completionCommand(program);

// A pipe that is closed, as by head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.failed));

program.parseAsync().catch((error: unknown) => {
  const known = explain(error);
  console.error(known ? `${coloured('error:', 'red', process.stderr)} ${known.message}` : error);
  process.exitCode = known?.exitCode ?? EXIT.failed;
});

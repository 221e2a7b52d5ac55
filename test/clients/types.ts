import './text-files.js';

import { command, runCommand } from '../../local/command.js';
import { generate } from './generated.js';

runCommand(
  command('npm run clients:types', 'Writes the generated files of the clients for Python and Go.'),
  async () => {
    for (const missing of await generate()) console.log(`SKIPPED ${missing}`);
  },
);

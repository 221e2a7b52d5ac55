import { command, runCommand } from './command.js';
import { start } from './start.js';
import { type StartOptions, withStartOptions } from './start-options.js';

const described = withStartOptions(command('npm start', 'Runs the whole service on this machine, until Ctrl-C.'));
runCommand(described, (options: StartOptions) => start(options));

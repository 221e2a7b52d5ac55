import { join } from 'node:path';
import { builtFolder } from './built-folder.js';
import { runBuilder } from './run-builder.js';

/** Builds the console and resolves to the folder of its files. Rejects with Vite's errors. */
export function bundleConsole(): Promise<string> {
  return builtFolder('console', ['console', 'package.json', 'package-lock.json'], (folder) => {
    const config = join(__dirname, '..', 'console', 'vite.config.mts');
    const args = ['build', '--config', config, '--outDir', folder, '--logLevel', 'warn'];
    return runBuilder('the console', 'vite/bin/vite.js', ...args);
  });
}

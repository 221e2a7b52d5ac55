import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { builtFolder } from './built-folder.js';
import { bundleConsole } from './console-bundle.js';
import { runBuilder } from './run-builder.js';

const SOURCES = ['docs', 'package.json', 'package-lock.json'];

/** Builds the site of `docs/` and resolves to the folder of its files. Rejects with VitePress's errors: a dead link is one. */
export function bundleDocs(): Promise<string> {
  return builtFolder('docs', SOURCES, (folder) =>
    runBuilder('the documentation', 'vitepress/bin/vitepress.js', 'build', 'docs', '--outDir', folder),
  );
}

/** What the distribution serves: the console's files, and below `docs/` those of the documentation. */
export function bundleSite(): Promise<string> {
  return builtFolder('site', ['console', ...SOURCES], async (folder) => {
    cpSync(await bundleConsole(), folder, { recursive: true });
    cpSync(await bundleDocs(), join(folder, 'docs'), { recursive: true });
  });
}

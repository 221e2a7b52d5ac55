import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** How esbuild bundles the command line into one file, so that the construct's users install none of its packages. */
export const CLI_BUNDLING = {
  absWorkingDir: join(__dirname, '..'),
  entryPoints: ['cli/main.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  banner: { js: '#!/usr/bin/env node' },
  external: ['../local/start.js'], // the local stack, a file of its own
  legalComments: 'none',
} as const satisfies BuildOptions;

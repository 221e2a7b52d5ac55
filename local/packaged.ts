import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from './command.js';
import type { Synthesized } from './local-stack.js';
import { type Built, start } from './start.js';
import type { StartOptions } from './start-options.js';

const PACKAGE = join(__dirname, '..');

/** `punctual dev` of the npm package, which brings what a checkout builds and synthesizes at the start. */
export const runStart = (options: StartOptions): void => runMain(() => start(options, built(options)));

function built({ auditDeliveries }: StartOptions): Built {
  const file = join(__dirname, auditDeliveries ? 'stack-audited.json' : 'stack.json');
  const { template, assets }: Synthesized = JSON.parse(readFileSync(file, 'utf8'));
  const folders = Object.entries(assets).map(([id, name]) => [id, join(PACKAGE, 'functions', name)]);
  return { synthesized: { template, assets: Object.fromEntries(folders) }, site: join(PACKAGE, 'console') };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleConsole } from '../../lib/console-bundle.js';

/** What a first visit may load, in bytes as they travel. */
const MOST_SCRIPT = 150 * 1024;

test('is built once for the same sources, small, and without anything that its policy forbids', async () => {
  const folder = await bundleConsole();
  expect(await bundleConsole()).toBe(folder);
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|https?:\/\//);

  // What the page names, and whatever that imports at once.
  const assets = readdirSync(join(folder, 'assets'));
  const named = assets.filter((file) => page.includes(`/console/assets/${file}`));
  expect(named.map((file) => file.split('.').pop()).sort()).toEqual(['css', 'js', 'svg']);
  const scripts = named
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(folder, 'assets', file)));
  for (const script of scripts) expect(script.toString()).not.toMatch(/^import\s*["'{]/);
  const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  expect(bytes).toBeGreaterThan(10 * 1024);
  expect(bytes).toBeLessThan(MOST_SCRIPT);
}, 60_000);

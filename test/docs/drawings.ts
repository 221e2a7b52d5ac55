import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawingOf } from '../../docs/.vitepress/drawing.js';
import { command, runCommand } from '../../local/command.js';
import { openPage, startBrowser } from '../console/browser.js';
import { mermaidTexts } from './mermaid-texts.js';

const ROOT = join(__dirname, '../..');
const MERMAID = 'mermaid@11.17.2';
const FOLDER = join(ROOT, 'build', 'mermaid');

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', FOLDER, MERMAID]);
  for (const name of readdirSync(join(ROOT, 'docs/drawings')))
    if (name.startsWith('mermaid-')) rmSync(join(ROOT, 'docs/drawings', name));
  const browser = await startBrowser();
  const { page } = await openPage(browser);
  await page.addScriptTag({ path: join(FOLDER, 'node_modules/mermaid/dist/mermaid.min.js') });
  const settings = {
    theme: 'neutral',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
  };
  await page.evaluate(`mermaid.initialize(${JSON.stringify(settings)})`);
  for (const text of mermaidTexts()) {
    const svg = String(
      await page.evaluate(`mermaid.render('drawing', ${JSON.stringify(text)}).then(({ svg }) => svg)`),
    );
    writeFileSync(join(ROOT, 'docs', drawingOf(text)), `${svg.replace('style="', 'style="background: white; ')}\n`);
    console.log(drawingOf(text));
  }
  await browser.close();
}

runCommand(
  command('npm run docs:drawings', 'Draws each mermaid text of the pages anew; needs /usr/bin/chromium.'),
  main,
);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PastingShell, type Shell, shellBlocks } from './shell-blocks.js';

const DOCS = join(__dirname, '../../docs');

/** A page of docs/, and the code blocks of it in one language. */
export function pageOf(name: string) {
  const text = readFileSync(join(DOCS, name), 'utf8');
  const blocks = (language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);
  return { text, blocks };
}

/**
 * Pastes the shell blocks of a page one after the other into a shell, and answers what each printed.
 * @throws Error when a command of them fails, or the shell complains
 */
export async function pasteExample(
  page: string,
  env: Readonly<Record<string, string>>,
  shell: Shell = 'bash',
): Promise<string[]> {
  const pasting = new PastingShell(shell, { env });
  try {
    const printed: string[] = [];
    for (const block of shellBlocks(pageOf(page).text)) {
      const { stdout, stderr, failed } = await pasting.paste(block, 25_000);
      if (stderr !== '' || failed.length > 0) throw new Error(`${page}: ${block}\n${stderr}${stdout}`);
      printed.push(stdout);
    }
    return printed;
  } finally {
    pasting.close();
  }
}

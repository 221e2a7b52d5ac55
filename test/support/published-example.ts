import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const PUBLISHED = join(__dirname, '../e2e/published');
/** Inside of the project, so that what an example imports is found; old ones are removed with the old builds. */
const BUILD = join(__dirname, '../../build/e2e');

/**
 * A published example as a file to run, with only its host, credentials and ids (and a moment that has passed since it was
 * published) replaced by others. @throws Error when it has nothing to replace
 */
export function publishedExample(name: string, replaced: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(PUBLISHED, name), 'utf8');
  for (const [published, ours] of Object.entries(replaced)) {
    if (!text.includes(published)) throw new Error(`${name} does not say ${published}`);
    text = text.replaceAll(published, ours);
  }
  return exampleFile(basename(name), text);
}

/** An example as a file to run. */
export function exampleFile(name: string, text: string): string {
  mkdirSync(BUILD, { recursive: true });
  const file = join(mkdtempSync(join(BUILD, 'example-')), name);
  writeFileSync(file, text);
  return file;
}

import { basename } from 'node:path';
import { startLocalStack } from '../../local-stack.js';
import type { CodeEntry } from './sdk-alone.js';

/** The functions' bundles and their environments, each bundle once. */
export async function functionCode(): Promise<CodeEntry[]> {
  const stack = await startLocalStack();
  await stack.close();
  const entries = stack.functions.map(({ definition: { code, environment } }) => {
    return { name: basename(code), code, environment };
  });
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InvocationTime } from './invocation-time.js';
import { measureTimes } from './measure-times.js';
import { type MeasuredTimes, memoryText } from './memory-table.js';

/** The last committed measurement. */
const FILE = join(__dirname, 'measured.json');
const PAGE = join(__dirname, '../../../docs/scaling.md');

/** Section `memory` of the bench: what each size of memory takes and costs. With `save`, also in docs/scaling.md. */
export async function measureMemory(
  tasks: number,
  { save = false, tell }: { save?: boolean | undefined; tell: (text: string) => void },
): Promise<readonly InvocationTime[]> {
  const measured = { measuredAt: new Date().toISOString().slice(0, 10), tasks, times: await measureTimes(tasks) };
  const text = memoryText(measured);
  tell(text);
  if (!save) return measured.times;
  writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(/(?<=<!-- npm run bench -- memory -->\n).*?(?=\n<!-- end -->)/s, () => `\n${text}\n`),
  );
  return measured.times;
}

/** The table of the committed measurement. */
export function currentMemory(): string {
  return memoryText(JSON.parse(readFileSync(FILE, 'utf8')) as MeasuredTimes);
}

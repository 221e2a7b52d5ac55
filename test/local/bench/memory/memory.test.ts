import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { units } from '../../../../local/bench/costs/units.js';
import { atMemory, type InvocationTime, timesOf } from '../../../../local/bench/memory/invocation-time.js';
import { memoryText } from '../../../../local/bench/memory/memory-table.js';
import { currentMemory } from '../../../../local/bench/memory/section.js';

const TIME: InvocationTime = {
  name: 'deliverer',
  what: 'ten calls',
  memoryMb: 256,
  processorMs: 20,
  waitMs: 300,
  loadMs: 100,
};

test('waits are as long at every size, and processor time is longer by the share of a processor', () => {
  const whole = atMemory(TIME, 1769);
  expect(whole).toMatchObject({ ms: 320, coldMs: 100 });
  const quarter = atMemory(TIME, 1769 / 4);
  expect(quarter).toMatchObject({ ms: 380, coldMs: 400 });
  // Less memory is cheaper as long as waits are most of it.
  expect(quarter.dollars).toBeLessThan(whole.dollars);
  expect(quarter.dollars).toBeCloseTo(0.2 + 0.38 * (1769 / 4 / 1024) * 13.3334, 6);
  expect(atMemory(TIME, 3_538).ms).toBe(320); // one thread needs no second processor
});

test('the times are those that a meter has counted: for ten messages ten times the processor time of one', () => {
  const gbSeconds = (ms: number) => units({ gbSeconds: (ms / 1000) * (512 / 1024) });
  const count = { perInvocation: gbSeconds(300), perMessage: gbSeconds(7) };
  const { processorMs, waitMs } = timesOf(count, 10, 512);
  expect(waitMs).toBeCloseTo(300, 6);
  expect(processorMs).toBeCloseTo((7 * 10 * 512) / 1769, 6);
});

test('the size that ships is bold', () => {
  const row = memoryText({ measuredAt: '2026-12-01', tasks: 40, times: [TIME] })
    .split('\n')
    .at(-1)!;
  expect(row).toMatch(/^\| deliverer: ten calls \| 20 ms \| 300 ms \| \*\*438 ms \/ 691 ms \/ \$1\.66\*\* \| \d/);
});

test('docs/scaling.md has what `npm run bench -- memory --save` has measured', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/scaling.md'), 'utf8');
  expect(page).toContain(`<!-- npm run bench -- memory -->\n\n${currentMemory()}\n\n<!-- end -->`);
});

import { isAccepted, reportOf, resultText } from './report.js';
import { runAll, type Step, type World } from './step.js';

const WORLD: World = { deployment: { api: 'http://127.0.0.1', operatorKey: '' }, isShort: true };
const STEPS: readonly Step[] = [
  { name: 'one', run: async () => ['| a |'] },
  { name: 'two', run: () => Promise.reject(new Error('first line\nlast line')) },
  { name: 'three', needsAccount: true, run: async () => [] },
  { name: 'four', isLong: true, run: async () => [] },
  { name: 'five', run: async () => ['well'] },
];

test('a step that fails keeps no later one from being tried, and nothing is accepted', async () => {
  const heard: string[] = [];
  const results = await runAll(STEPS, WORLD, ({ name }) => heard.push(name));
  expect(heard).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(results.map(({ verdict }) => verdict)).toEqual(['passed', 'FAILED', 'left out', 'left out', 'passed']);
  expect(isAccepted(results)).toBe(false);
  expect(isAccepted(results.filter(({ name }) => name !== 'two'))).toBe(true);
  expect(isAccepted([])).toBe(false);
});

test('the report is one page: a verdict, a row and the lines of each step, and what is left', async () => {
  const results = await runAll(STEPS, WORLD, () => {});
  const report = reportOf('the stage dev', results, ['- a secret']);
  expect(report).toMatch(/^# NOT accepted: the stage dev, \d{4}-\d\d-\d\dT\d\d:\d\dZ\n/);
  expect(report).toContain('| two | FAILED | 0 s |\n| three | left out | 0 s |');
  expect(report).toContain('## one\n\n| a |\n');
  expect(report).toContain('## two\n\n```\nfirst line\nlast line\n```\n');
  expect(report).toMatch(/## What is left\n\n- a secret\n$/);
  expect(resultText(results[1]!)).toMatch(/^FAILED .*two\n {4}first line\n {4}last line$/);
});

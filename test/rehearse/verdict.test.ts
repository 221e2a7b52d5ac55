import { verdict } from './verdict.js';

const KNOWN = { 'it expires': { why: 'CloudFormation drops it', shows: /DISABLED/ } };
const told = (name: string, fault?: string) => ({ name, ms: 1_234, ...(fault && { fault: new Error(fault) }) });

test.each([
  ['nothing known, nothing wrong', told('a task'), 'passed    1.2 s  a task', false],
  ['something wrong', told('a task', 'a\nb'), 'FAILED    1.2 s  a task\n    a\n    b', true],
  [
    'a known shortcoming',
    told('it expires', 'is DISABLED'),
    /^short .*\n {4}emulator falls short: .* drops it$/,
    false,
  ],
  ['another fault where one is known', told('it expires', 'no table'), /^FAILED .*\n {4}no table$/, true],
  [
    'a shortcoming that is none any more',
    told('it expires'),
    /^passed .*\n {4}although .*: take it off the list$/,
    false,
  ],
])('%s', (_what, outcome, line, failed) => {
  const said = verdict(outcome, KNOWN);
  expect(said.line).toMatch(line);
  expect(said.failed).toBe(failed);
});

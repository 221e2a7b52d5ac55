import { tmpdir } from 'node:os';
import { basename } from 'node:path';

test('what a test leaves in the temporary folder ends with the run', () => {
  expect(basename(tmpdir())).toMatch(/^punctual-tests-/);
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

test.each([
  [['--prot', '1'], "Unknown option '--prot'"],
  [['--port', 'many'], '--port many: must be 0 to 65535'],
  [['--port', '70000'], '--port 70000: must be 0 to 65535'],
  [['--chaos', 'much'], '--chaos much: must be a whole number, the seed'],
  [['extra'], "Unexpected argument 'extra'"],
])('%j is refused with the usage', (args, message) => {
  const { status, stdout, stderr } = spawnSync('node', ['--import', 'tsx', 'local/main.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr).toContain('usage: npm start -- [--port 8787] [--data .punctual] [--json]');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';

const FILE = join(__dirname, '../../bin/supported-node.cjs');
const code = readFileSync(FILE, 'utf8');

/** What it says to that Node, and its exit code; nothing to one that will do. */
function saidTo(node: string): { said?: string; exit?: number } {
  const outcome: { said?: string; exit?: number } = {};
  runInNewContext(code, {
    require: (name: string) => require(join(FILE, '..', name)),
    process: { versions: { node }, exit: (exit: number) => Object.assign(outcome, { exit }) },
    console: { error: (said: string) => Object.assign(outcome, { said }) },
  });
  return outcome;
}

test.each(['20.19.0', '20.20.2', '22.12.0', '22.20.1', '24.0.0', '25.3.1'])('Node %s is supported', (node) => {
  expect(saidTo(node)).toEqual({});
});

test.each(['0.12.18', '18.20.4', '20.18.3', '21.7.3', '22.11.0'])('Node %s is told that it is too old', (node) => {
  const said = `Punctual needs Node 20.19, 22.12 or newer: this is Node ${node}`;
  expect(saidTo(node)).toEqual({ exit: 1, said });
});

test('it holds nothing that Node 10 cannot read', () => {
  const lines = (target: string) => transformSync(code, { target }).code;
  expect(lines('node10')).toBe(lines('esnext'));
});

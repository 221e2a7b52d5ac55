import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BAD_RELEASE } from '../chaos/storms.js';
import { mutate, mutatedSources } from './mutant-bundle.js';
import { type Mutant, MUTANTS as OF_RULES } from './mutants.js';

/** The release that chaos deploys is broken in the same way. */
const ofChaos: Mutant = {
  breaks: 'all messages',
  fn: 'deliverer',
  patches: BAD_RELEASE,
  stories: [],
  deathsOf: 'deliverer',
  shows: /./,
};
const MUTANTS = [...OF_RULES, ofChaos];

const BIOME = join(__dirname, '../../node_modules/@biomejs/biome/bin/biome');

// What they break is told by `npm run mutants`; here, that the code they break is still where they look for it.
test.each(MUTANTS)('the mutant can be made that breaks: $breaks', async (mutant) => {
  await expect(mutate(mutant)).resolves.toBeInstanceOf(Function);
});

// A mutant that stops at an unknown name breaks everything, and so shows nothing of the rule. esbuild does not notice.
test('the mutants use names alone that their files declare or import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-mutants-'));
  const sources = MUTANTS.flatMap((mutant, index) =>
    [...mutatedSources(mutant)].map(([file, source]) => ({ path: join(folder, String(index), file), source })),
  );
  try {
    for (const { path, source } of sources) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, source);
    }
    const args = [BIOME, 'lint', '--only=correctness/noUndeclaredVariables', '.'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect({ status, told: status === 0 ? '' : stderr }).toEqual({ status: 0, told: '' });
    expect(stdout).toContain(`Checked ${sources.length} files`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

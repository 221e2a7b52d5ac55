const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** jest's `globalSetup`: a temporary folder for all processes of a run, so that no file of a test outlives the run. */
module.exports = () => {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), 'punctual-tests-'));
  process.env.TMPDIR = folder;
  globalThis.removeTemporaryFolder = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  };
};

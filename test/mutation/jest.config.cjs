const { join } = require('node:path');
const config = require('../../jest.config.cjs');

// Those that work in memory: what needs a server takes a hundred times as long, and is asked about each mutant.
/** @type {import('jest').Config} */
module.exports = {
  ...config,
  rootDir: join(__dirname, '../..'),
  testMatch: [
    '<rootDir>/test/functions/{primitives,formats,fields,cron,subjects,protocol,deliverer,dispatcher,reconciler,runtime}/**/*.test.ts',
  ],
  testSequencer: join(__dirname, 'quickest-first.cjs'),
};

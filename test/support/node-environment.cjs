const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

// jest-circus makes an AsyncLocalStorage for each test file, and never disables it. Before Node 24, each promise is shown to
// every storage that is enabled: after fifty files in one worker, a file full of promises takes four times as long.
const enabled = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
  enabled.add(this);
  return run.apply(this, given);
};

/** The environment of Node, whose storages end with the test file that made them. */
module.exports = class extends TestEnvironment {
  async teardown() {
    for (const storage of enabled) storage.disable();
    enabled.clear();
    await super.teardown();
  }
};

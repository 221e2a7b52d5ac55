const { default: Sequencer } = require('@jest/test-sequencer');

/** Longest first. Jest knows by itself only how long a file took in an earlier run, and a clean checkout has had none. */
const SLOW = [/\/test\/crash-points\/crash-points\.test/, /\/test\/e2e\//];

const rank = ({ path }) => {
  const found = SLOW.findIndex((pattern) => pattern.test(path));
  return found < 0 ? SLOW.length : found;
};

module.exports = class SlowFirst extends Sequencer {
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
};

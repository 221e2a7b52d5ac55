const { statSync } = require('node:fs');

/** They tell a story hundreds of times. */
const SLOW = /crash-points|interleavings|roll-up|bulk-replay|clock-changes|fan-out/;

/** Most mutants fail in the first rule that is about them, and none is asked further then; jest would begin with the slowest. */
module.exports = class QuickestFirst {
  sort(tests) {
    const cost = ({ path }) => (SLOW.test(path) ? 1_000_000 : 0) + statSync(path).size;
    return [...tests].sort((a, b) => cost(a) - cost(b));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};

// Plain JavaScript that any Node reads, run before what an old one fails on, so that it is told in a sentence.
const { engines } = require('../package.json');

/** As in `^20.19.0 || >=22.12.0`: a version and its successors, of the same major number or of any. */
const ranges = engines.node.split(' || ').map((range) => {
  const [, kind, major, minor] = /^(\^|>=)(\d+)\.(\d+)/.exec(range);
  return { orLater: kind === '>=', major: Number(major), minor: Number(minor) };
});
const [major, minor] = process.versions.node.split('.').map(Number);

const isSupported = ranges.some(
  (range) => (major === range.major && minor >= range.minor) || (range.orLater && major > range.major),
);
if (!isSupported) {
  const versions = ranges.map((range) => `${range.major}.${range.minor}${range.orLater ? ' or newer' : ''}`);
  console.error(`Punctual needs Node ${versions.join(', ')}: this is Node ${process.versions.node}`);
  process.exit(1);
}

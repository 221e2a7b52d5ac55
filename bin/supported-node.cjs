// Plain JavaScript for every Node. It runs before code that an old Node cannot parse, and refuses with a sentence.
const { engines } = require('../package.json');

/** Ranges such as `^20.19.0 || >=22.12.0`: a version and later versions, of the same major number or of any. */
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

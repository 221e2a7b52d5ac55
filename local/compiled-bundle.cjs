// Loads a function's bundle with the machine code that an earlier environment left behind: half of an environment's start
// is compiling the same half megabyte again.
const { createHash } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { threadId } = require('node:worker_threads');
const vm = require('node:vm');

/** `keep` leaves the code for the next environment; after an invocation it holds all that one needs. */
function loadCompiled(bundle) {
  const source = readFileSync(bundle, 'utf8');
  const file = cacheFile(bundle, source);
  const cachedData = kept(file);
  const script = new vm.Script(wrap(source), { filename: bundle, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
  const isKnown = cachedData !== undefined && !script.cachedDataRejected;
  return { exports: module.exports, keep: isKnown ? () => {} : () => keep(file, script.createCachedData()) };
}

/**
 * V8 tells sources apart by their length alone, so the name holds a digest. V8 rejects code of another version or of other
 * flags, so the name holds V8's tag of both. Beside the folder of the code, not in it.
 */
function cacheFile(bundle, source) {
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const folder = dirname(bundle);
  return join(dirname(folder), 'compiled', `${basename(folder)}-${digest}-${cachedDataVersionTag()}`);
}

function kept(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // the first environment of this code, or another one has replaced it
  }
}

/**
 * By rename, because other environments may be reading it; without a place to write to there is no cache. What is there of
 * the function's earlier code goes: it is a megabyte each time.
 */
function keep(file, code) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const next = `${file}.${process.pid}-${threadId}`;
    writeFileSync(next, code);
    renameSync(next, file);
    const [fn, digest] = basename(file).split('-');
    const isEarlier = (name) => name.startsWith(`${fn}-`) && !name.startsWith(`${fn}-${digest}-`);
    const earlier = readdirSync(dirname(file)).filter(isEarlier);
    for (const name of earlier) rmSync(join(dirname(file), name), { force: true });
  } catch {
    // a read-only folder
  }
}

module.exports = { loadCompiled };

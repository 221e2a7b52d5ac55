// Loads a function's bundle with the compiled code of an earlier environment: compiling the same half megabyte again is
// half of an environment's start.
const { createHash } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { threadId } = require('node:worker_threads');
const vm = require('node:vm');

/** `keep` stores the compiled code for the next environment; after an invocation all needed code is compiled. */
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
 * The name holds a digest, because V8 compares sources by their length alone, and V8's tag of version and flags,
 * because V8 rejects compiled code of others. The cache lies beside the folder of the code.
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
    return undefined; // the first environment of this code, or another environment has replaced the file
  }
}

/**
 * Written by a rename, because other environments may be reading the file; a read-only folder means no cache. Compiled
 * code of the function's earlier bundles is deleted: each is a megabyte.
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

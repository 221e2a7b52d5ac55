import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { blocksAround, defineGlobals, registered, registerTestsOf } from './registered-tests.mjs';

const require = createRequire(import.meta.url);
// A test may put others in their place.
const { setTimeout, clearTimeout } = globalThis;

/** The tests that work in memory: what needs a server takes a hundred times as long. */
const FOLDERS = /^(primitives|formats|fields|cron|subjects|protocol|deliverer|runtime)\//;
/** They tell a story hundreds of times, and every mutant that survives would ask all of them. */
const SLOW =
  /\/(announce|bulk-jobs|clock-changes|cron-parser|endpoint-crash-points|fan-out|[a-z-]*interleavings|rate|roll-up|round|schedule-edits)\.test/;
/** They load modules anew, which a process that loads each module once cannot do. */
const LOADS_ANEW = /jest\.mock\(|await import\(/;

/** Beyond what the test did without a mutant, a loop has no end. */
const ASKED_TIMES = 20;
const ASKED_MORE = 200_000;
const SLOWER_TIMES = 4;
const SLOWER_MS = 1_500;

/** What the first run has found, for a process that takes this one's place. */
const KNOWN = 'known-tests.json';
/** The mutants that have starved a process. */
const STUCK = 'stuck-mutants.txt';

/** What Stryker's code in the mutated files reads and writes. Each mutated place asks which mutant is active. */
const stryker = {};
globalThis.__stryker__ = stryker;
let active;
let asked = 0;
let askedMost = Infinity;
Object.defineProperty(stryker, 'activeMutant', {
  get() {
    if (++asked > askedMost) throw new Error('This loop has no end.');
    return active;
  },
  set() {},
});

/**
 * Loads the tests once, and runs them again and again, each time with another mutant: jest would load all of them for
 * each mutant, which takes a hundred times as long.
 */
class Runner {
  static inject = [];
  deadline = new Float64Array(new SharedArrayBuffer(8));
  mutant = new Float64Array(new SharedArrayBuffer(8));
  isSpoilt = false;

  capabilities() {
    return { reloadEnvironment: false };
  }

  init() {
    // A call that a mutant has left behind fails while the next one is tested.
    process.on('uncaughtException', () => {});
    const { deadline, mutant } = this;
    const workerData = { deadline, mutant, stuck: `${process.cwd()}/${STUCK}` };
    new Worker(new URL('watchdog.mjs', import.meta.url), { workerData }).unref();
    this.stuck = new Set(linesOf(STUCK));
    this.restore = defineGlobals();
    loadTests();
    for (const [id, found] of Object.entries(JSON.parse(linesOf(KNOWN)[0] ?? '{}'))) {
      Object.assign(registered.get(id), found);
    }
  }

  async dryRun() {
    const tests = [];
    for (const test of registered.values()) {
      await runOnce(test);
      asked = 0;
      stryker.currentTestId = test.id;
      const outcome = await this.run(test, test.timeout);
      stryker.currentTestId = undefined;
      Object.assign(test, { ms: outcome.ms, asked });
      tests.push(toldOf(test, outcome));
    }
    const known = [...registered.values()].map((test) => [test.id, { ms: test.ms, asked: test.asked }]);
    writeFileSync(KNOWN, JSON.stringify(Object.fromEntries(known)));
    return { status: 'complete', tests, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant: { id }, testFilter }) {
    // Stryker starts another process, and asks it about the same mutant.
    if (this.isSpoilt) process.exit(1);
    if (this.stuck.has(id)) return { status: 'timeout', reason: 'Promises starved the timers.' };
    const tests = testFilter.map((test) => registered.get(test)).sort((one, other) => one.ms - other.ms);
    for (const [index, test] of tests.entries()) {
      await runOnce(test);
      const { failure, isEndless } = await this.runWith(id, test);
      if (failure === undefined && !isEndless) continue;
      // What fails without the mutant, too, tells nothing about the next one.
      this.isSpoilt = (await this.run(test, SLOWER_MS + SLOWER_TIMES * test.ms)).failure !== undefined;
      if (isEndless) return { status: 'timeout', reason: 'A loop has no end.' };
      return { status: 'killed', killedBy: [test.id], failureMessage: String(failure), nrOfTests: index + 1 };
    }
    return { status: 'survived', nrOfTests: tests.length };
  }

  async runWith(mutant, test) {
    const ms = Math.min(test.timeout, SLOWER_MS + SLOWER_TIMES * test.ms);
    this.mutant[0] = Number(mutant);
    this.deadline[0] = Date.now() + ms + 500;
    asked = 0;
    askedMost = ASKED_MORE + ASKED_TIMES * test.asked;
    active = mutant;
    const { failure } = await this.run(test, ms);
    const isEndless = asked > askedMost;
    active = undefined;
    askedMost = Infinity;
    this.deadline[0] = 0;
    return { failure, isEndless };
  }

  /** Runs the test with the hooks around it. */
  async run(test, timeout) {
    const blocks = blocksAround(test.block);
    const started = performance.now();
    const failure = await failureOf(within(timeout, runBetween(blocks, test)));
    for (const { after } of blocks.toReversed()) for (const hook of after) await hook();
    this.restore();
    return { failure, ms: performance.now() - started };
  }
}

function loadTests() {
  require('tsx/cjs');
  const root = `${process.cwd()}/test/functions`;
  for (const file of readdirSync(root, { recursive: true }).sort()) {
    if (!FOLDERS.test(file) || !file.endsWith('.test.ts')) continue;
    if (SLOW.test(file) && !process.env.SLOW_TESTS) continue;
    if (LOADS_ANEW.test(readFileSync(`${root}/${file}`, 'utf8'))) continue;
    registerTestsOf(file, () => require(`${root}/${file}`));
  }
}

/** Runs the hooks of a block's start, for the first of its tests. */
async function runOnce({ block }) {
  for (const { once } of blocksAround(block)) for (const hook of once.splice(0)) await hook();
}

async function runBetween(blocks, test) {
  for (const { before } of blocks) for (const hook of before) await hook();
  await test.run();
}

async function failureOf(work) {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error ?? 'failed';
  }
}

async function within(ms, work) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not over after ${ms} ms.`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function toldOf({ id, name, file }, { failure, ms }) {
  const told = { id, name, fileName: `${process.cwd()}/test/functions/${file}`, timeSpentMs: ms };
  return failure === undefined
    ? { ...told, status: 0 }
    : { ...told, status: 1, failureMessage: String(failure.stack ?? failure) };
}

function linesOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** As `declareClassPlugin` of Stryker's API makes it. */
export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-one-process', injectableClass: Runner }];

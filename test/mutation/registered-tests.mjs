import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** What jest itself stands on. */
const ofJest = createRequire(require.resolve('jest'));

const TEST_TIMEOUT_MS = 30_000;

let file;
let block;
/** By id. Jest runs a test once; these are run again and again, each time with another mutant. */
export const registered = new Map();

function register(name, run, timeout = TEST_TIMEOUT_MS) {
  const full = [...blocksAround(block).map((around) => around.name), name].filter(Boolean).join(' ');
  let id = `${file} ${full}`;
  while (registered.has(id)) id += "'";
  registered.set(id, { id, name: full, file, block, run, timeout, ms: 0, asked: 0 });
}

function describe(name, define) {
  block = newBlock(name, block);
  define();
  block = block.parent;
}

function newBlock(name, parent) {
  return { name, parent, once: [], before: [], after: [] };
}

/** The blocks around a test, the outermost first. */
export function blocksAround(innermost) {
  return innermost === undefined ? [] : [...blocksAround(innermost.parent), innermost];
}

/** Loads a test file, which registers its tests. */
export function registerTestsOf(path, load) {
  file = path;
  block = newBlock('');
  load();
}

/** Defines what test files take for granted. The function that is answered undoes what a test did to others' objects. */
export function defineGlobals() {
  const { bind } = ofJest('jest-each');
  const { ModuleMocker } = ofJest('jest-mock');
  const { ModernFakeTimers } = ofJest('@jest/fake-timers');
  const mocker = new ModuleMocker(globalThis);
  const timers = new ModernFakeTimers({ config: { rootDir: process.cwd(), fakeTimers: {} }, global: globalThis });
  const test = Object.assign(register, { each: bind(register, false) });
  Object.assign(globalThis, {
    expect: ofJest('expect').expect,
    describe: Object.assign(describe, { each: bind(describe, false) }),
    test,
    it: test,
    beforeAll: (hook) => block.once.push(hook),
    beforeEach: (hook) => block.before.push(hook),
    afterEach: (hook) => block.after.unshift(hook),
    // The process ends anyway.
    afterAll: () => {},
    jest: {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      useFakeTimers: () => timers.useFakeTimers(),
      useRealTimers: () => timers.useRealTimers(),
      advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
      getTimerCount: () => timers.getTimerCount(),
    },
  });
  return () => {
    mocker.restoreAllMocks();
    timers.useRealTimers();
  };
}

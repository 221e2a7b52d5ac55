// The worker of local/execution-environment.ts. Plain JavaScript, so that a worker thread starts without a TypeScript
// loader. It loads only its bundle, as on Lambda.
const { parentPort, workerData } = require('node:worker_threads');
const { loadCompiled } = require('./compiled-bundle.cjs');

const { bundle, exportName, context, ahead } = workerData;

/** The function's time is the stack's time, see local/movable-clock.ts. */
function moveClock() {
  const machineNow = Date.now;
  globalThis.Date = class extends Date {
    constructor(...given) {
      super(...(given.length > 0 ? given : [machineNow() + ahead[0]]));
    }
    static now() {
      return machineNow() + ahead[0];
    }
  };
}

function load() {
  const { exports, keep } = loadCompiled(bundle);
  const handler = exports[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return { handler, keep };
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: 'Error', errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function contextOf({ requestId, deadline }) {
  return {
    ...context,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function invoke(handler, message) {
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    return { requestId: message.requestId, result: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { requestId: message.requestId, error: describe(error) };
  }
}

try {
  if (ahead) moveClock();
  const { handler, keep } = load();
  let isFirst = true;
  parentPort.on('message', async (message) => {
    if (message === 'end') process.exit();
    parentPort.postMessage(await invoke(handler, message));
    if (isFirst) setImmediate(keep);
    isFirst = false;
  });
  parentPort.postMessage({ ready: true });
} catch (error) {
  parentPort.postMessage({ initError: describe(error) });
}

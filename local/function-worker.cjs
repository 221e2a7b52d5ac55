// One execution environment's side of the conversation with local/execution-environment.ts. Plain JavaScript, so
// that a worker thread starts without a TypeScript loader. It knows only its bundle, as on Lambda.
const { parentPort, workerData } = require('node:worker_threads');

const { bundle, exportName, context } = workerData;

function load() {
  const handler = require(bundle)[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
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
  const handler = load();
  parentPort.on('message', async (message) => parentPort.postMessage(await invoke(handler, message)));
  parentPort.postMessage({ ready: true });
} catch (error) {
  parentPort.postMessage({ initError: describe(error) });
}

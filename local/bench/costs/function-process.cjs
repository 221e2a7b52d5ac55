// A function in a process of its own, so that its processor time can be measured alone: function-worker.cjs with a
// process in place of the thread.
const threads = require('node:worker_threads');

threads.workerData = JSON.parse(process.argv[2]);
threads.parentPort = {
  on: (event, listener) => process.on(event, listener),
  postMessage: (message) => process.send({ ...message, processor: process.cpuUsage() }),
};
require('../../function-worker.cjs');

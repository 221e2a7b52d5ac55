import { appendFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { deadline, mutant, stuck } = workerData;

// A loop over promises that are there already starves the timers of its thread, and no timeout of its own ends it.
setInterval(() => {
  if (deadline[0] === 0 || Date.now() < deadline[0]) return;
  appendFileSync(stuck, `${mutant[0]}\n`);
  process.kill(process.pid, 'SIGKILL');
}, 100);

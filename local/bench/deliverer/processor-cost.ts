import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliver } from '../../../functions/deliverer/deliver.js';
import { mapBounded } from '../../../functions/primitives/map-bounded.js';
import { type LoopbackServer, serveAnswers } from '../../loopback-server.js';
import { median } from '../median.js';
import { payloadOf } from '../payload.js';
import { memoryWorker } from './memory-worker.js';

export interface ProcessorCost {
  /** Processor time, user and system, in microseconds per delivery; both values include the receiver's time. */
  readonly delivererMicros: number;
  readonly bareMicros: number;
  /** `delivererMicros` divided by `bareMicros`. */
  readonly ratio: number;
}

const ROUNDS = 5;
const AT_ONCE = 10;
const RECEIPT = { remainingMs: () => 60_000, hideFor: () => {}, showAfter: () => {} };

/**
 * Processor time of a delivery, and of a bare HTTP call with the same body: medians of alternating rounds in this
 * process, against a receiver in this process.
 */
export async function measureProcessorCost(deliveriesPerRound: number): Promise<ProcessorCost> {
  const body = JSON.stringify(payloadOf(1024, 1));
  const receiver = await startReceiver();
  const { worker, nextToken } = memoryWorker(receiver.url, body);
  const agent = new http.Agent({ keepAlive: true });
  const deliverer: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    deliverer.push(await microsOf(deliveriesPerRound, () => deliver(worker, nextToken(), RECEIPT)));
    bare.push(await microsOf(deliveriesPerRound, () => post(receiver.url, body, agent)));
  }
  agent.destroy();
  await receiver.close();
  // The first round does not count, because it compiles the code.
  const [delivererMicros, bareMicros] = [median(deliverer.slice(1)), median(bare.slice(1))];
  return { delivererMicros, bareMicros, ratio: delivererMicros / bareMicros };
}

function startReceiver(): Promise<LoopbackServer> {
  const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"ok":true}') };
  return serveAnswers(() => answer);
}

async function microsOf(count: number, one: () => Promise<unknown>): Promise<number> {
  await sleep(50); // lets the garbage of the round before be collected
  const start = process.cpuUsage();
  await mapBounded([...Array(count).keys()], AT_ONCE, one);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

function post(url: string, body: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) =>
      response.resume().on('end', resolve),
    );
    request.on('error', reject).end(body);
  });
}

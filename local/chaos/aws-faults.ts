import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsService, Interceptor } from '../interception.js';
import type { Answer } from '../loopback-server.js';
import type { Random } from './random.js';

/** The probability of each fault of a call, 0 to 1. */
export interface FaultRates {
  /** Refused: too many requests. */
  readonly throttled: number;
  /** Refused with a 500. */
  readonly failed: number;
  /** The connection breaks before the call takes effect … */
  readonly lostBefore: number;
  /** … or after the effect, so that the reply is lost and the SDK repeats the call. */
  readonly lostAfter: number;
  readonly slow: number;
}

const CALM: FaultRates = { throttled: 0.01, failed: 0.01, lostBefore: 0.005, lostAfter: 0.015, slow: 0.02 };
/** Rates at which all three tries of the SDK often fail. */
const STORM: FaultRates = { throttled: 0.15, failed: 0.15, lostBefore: 0.1, lostAfter: 0.2, slow: 0.1 };
/** Of `STORM_EVERY_CALLS` calls, `STORM_CALLS` are in a storm. */
const STORM_EVERY_CALLS = 2_000;
const STORM_CALLS = 60;
const SLOWEST_MS = 300;

type Fault = keyof FaultRates | 'none';

/** Makes a part of the functions' AWS calls fail; random numbers and a call's number alone decide which. */
export function awsFaults(random: Random): Interceptor {
  const stormFrom = random.between(0, STORM_EVERY_CALLS - STORM_CALLS);
  let calls = 0;
  return async ({ service }, forward) => {
    const phase = calls++ % STORM_EVERY_CALLS;
    const fault = drawFault(random, phase >= stormFrom && phase < stormFrom + STORM_CALLS ? STORM : CALM);
    if (fault === 'throttled' || fault === 'failed') return refusal(service, fault);
    if (fault === 'lostBefore') return undefined;
    if (fault === 'slow') await sleep(random.between(0, SLOWEST_MS));
    const answer = await forward();
    return fault === 'lostAfter' ? undefined : answer;
  };
}

function drawFault(random: Random, rates: FaultRates): Fault {
  let left = random.next();
  for (const [fault, rate] of Object.entries(rates) as [keyof FaultRates, number][]) {
    left -= rate;
    if (left < 0) return fault;
  }
  return 'none';
}

const THROTTLED: Record<AwsService, string> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  sqs: 'com.amazonaws.sqs#RequestThrottled',
  scheduler: 'ThrottlingException',
  secrets: 'ThrottlingException',
};

const FAILED: Record<AwsService, string> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  sqs: 'com.amazon.coral.service#InternalFailure',
  scheduler: 'InternalServerException',
  secrets: 'InternalServiceError',
};

/** A refusal in the service's form: JSON protocols name the error in the body, EventBridge Scheduler in a header. */
export function refusal(service: AwsService, how: 'throttled' | 'failed'): Answer {
  const [status, type] = how === 'throttled' ? [400, THROTTLED[service]] : [500, FAILED[service]];
  const rest = service === 'scheduler';
  return {
    status: rest && status === 400 ? 429 : status,
    headers: {
      'content-type': rest ? 'application/json' : 'application/x-amz-json-1.0',
      ...(rest && { 'x-amzn-errortype': type }),
    },
    body: Buffer.from(JSON.stringify({ ...(!rest && { __type: type }), message: 'The chaos switch is on.' })),
  };
}

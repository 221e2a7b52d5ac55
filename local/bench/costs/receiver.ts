import { setTimeout as sleep } from 'node:timers/promises';
import { awsTargets } from '../../aws-targets.js';
import { type AnsweringServer, serveAnswers } from '../../loopback-server.js';

/** Milliseconds of a receiver's answer: a receiver on this machine answers at once, which would hide costs. */
export const RECEIVER_MS = 200;
/** Duration of a call within a Region: DynamoDB and SQS answer in single-digit milliseconds. */
export const AWS_CALL_MS = 5;

export const AT_ONCE = '/at-once';

export interface BenchReceiver extends AnsweringServer {
  /** Calls since the last reset, and bytes of their headers and bodies. */
  readonly calls: number;
  readonly bytes: number;
  reset(): void;
}

/** Answers every call with 200 after 200 ms, a service of AWS as soon as any call to AWS, at `/at-once` at once, at `/failing/2` after two 503 per webhook-id. */
export async function startBenchReceiver(): Promise<BenchReceiver> {
  const failures = new Map<string, number>();
  let calls = 0;
  let bytes = 0;
  const ofAws = awsTargets();
  const server = await serveAnswers(async (request, body) => {
    const { url = '', headers, rawHeaders } = request;
    calls++;
    const asked = ofAws(request, body);
    if (asked) {
      await sleep(AWS_CALL_MS);
      const answer = await asked.answer();
      return { ...answer, body: Buffer.from(answer.body) };
    }
    bytes += rawHeaders.join('').length + body.length;
    if (url !== AT_ONCE) await sleep(RECEIVER_MS);
    const failed = failures.get(String(headers['webhook-id'])) ?? 0;
    const isFailing = failed < Number(url.split('/')[2] ?? 0);
    if (isFailing) failures.set(String(headers['webhook-id']), failed + 1);
    const answer = { 'content-type': 'application/json' };
    return { status: isFailing ? 503 : 200, headers: answer, body: Buffer.from(JSON.stringify({ ok: !isFailing })) };
  });
  return {
    ...server,
    get calls() {
      return calls;
    },
    get bytes() {
      return bytes;
    },
    reset() {
      calls = 0;
      bytes = 0;
    },
  };
}

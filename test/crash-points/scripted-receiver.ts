import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsTargets } from '../../local/aws-targets.js';
import { write } from '../../local/http-answer.js';
import { type LoopbackServer, serveLoopback } from '../../local/loopback-server.js';

/** A call that reached the receiver, or a queue. */
export interface TakenCall {
  readonly run: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** The run that a job notification is about. */
  readonly about?: string;
}

export interface ScriptedReceiver extends LoopbackServer {
  readonly calls: readonly TakenCall[];
  callsOf(run: string): TakenCall[];
  /** Counts a call that went elsewhere. */
  take(call: TakenCall): void;
  /** Answers the calls that are held, and all that follow: of this run, or of any. */
  release(run?: string): void;
}

/** Lets a call count by calling `take`; answers whether its caller is still there to be answered. */
export type Gate = (run: string, take: () => void) => Promise<boolean>;

/**
 * `/attempts/503,200` answers by the attempt's number, the last status for all beyond; `/calls/503,200` by how many calls
 * the run has had; `/slow/1500` after so many milliseconds; `/held/200` once it is released. Services of AWS answer as locally.
 */
export async function startScriptedReceiver(gate: Gate): Promise<ScriptedReceiver> {
  const releases = new EventEmitter().setMaxListeners(0);
  const released = new Set<string | undefined>();
  const release = (run?: string) => {
    released.add(run);
    releases.emit('release');
  };
  const isReleased = async (run: string) => {
    while (!released.has(run) && !released.has(undefined)) await once(releases, 'release');
  };
  const calls = new Map<string, TakenCall[]>();
  const callsOf = (run: string) => calls.get(run) ?? [];
  const take = (call: TakenCall) => void calls.set(call.run, [...callsOf(call.run), call]);
  const ofAws = awsTargets();
  const server = await serveLoopback(async (request, body, response) => {
    const { url = '' } = request;
    const asked = ofAws(request, body);
    const headers = asked?.call.headers ?? request.headers;
    const call = {
      ...calledAs(headers),
      ...(headers['x-cronflow-signature'] && { about: JSON.parse(body.toString()).data.task_id }),
    };
    const lives = await gate(call.run, () => take(call));
    if (lives && url.startsWith('/held/')) await isReleased(call.run);
    if (!lives) response.destroy();
    else if (asked) write(response, await asked.answer());
    else await answer(url, call.attempt, callsOf(call.run).length, response);
  });
  return {
    ...server,
    callsOf,
    take,
    release,
    get calls() {
      return [...calls.values()].flat();
    },
  };
}

/** Some services are told the key alone: the stories about them have one attempt. */
export function calledAs(headers: Readonly<Record<string, unknown>>): TakenCall {
  const { 'webhook-id': run, 'punctual-attempt': attempt = 1, 'idempotency-key': key = run } = headers;
  return { run: String(run), attempt: Number(attempt), idempotencyKey: String(key) };
}

async function answer(url: string, attempt: number, calls: number, response: ServerResponse): Promise<void> {
  const [, how, argument = ''] = url.split('/');
  const statuses = argument.split(',').map(Number);
  if (how === 'slow') await sleep(Number(argument));
  const turn = how === 'attempts' ? attempt : calls;
  const status = how === 'slow' ? 200 : statuses[Math.min(turn, statuses.length) - 1]!;
  response.writeHead(status).end();
}

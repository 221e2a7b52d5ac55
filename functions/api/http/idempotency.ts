import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { invalid, NotFoundError } from '../../primitives/faults.js';
import { type IdPrefix, makeId } from '../../primitives/ids.js';
import { toJson } from '../../primitives/json-text.js';
import type { ApiPorts, IdempotencyRecord, RequestKey } from '../../runtime/api-ports.js';
import { KeyReusedError, problemOf, StillRunningError } from './problem.js';
import { readJson } from './read-json.js';
import type { ApiEvent, RouteAnswer, RouteRequest } from './route.js';

/** Moment and ids of a write: equal in every repeat under one Idempotency-Key. */
export type Pinned = Pick<RouteRequest, 'now' | 'newId'>;

export interface Write {
  /** A project's id, or a person. */
  readonly scope: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  /** The Idempotency-Key header as sent. */
  readonly key: string | undefined;
  /** Answer of a repeated deletion that finds nothing left. */
  readonly gone: RouteAnswer;
  readonly message?: ApiEvent['message'];
}

const KEPT_MS = 24 * 60 * 60 * 1000;
/** A message may come again as long as its queue keeps it, which is 14 days. */
const MESSAGE_KEPT_MS = 15 * KEPT_MS;

/** An item holds 400 KB at most; the record's other fields need little. */
const MAX_ANSWER_BYTES = 300_000;

/**
 * Makes a write idempotent under its Idempotency-Key: a repeat gets the first answer. If the first request died, a
 * repeat takes the same steps again with the same ids and moment, so finished steps do not change. Only successes are
 * stored.
 * @throws KeyReusedError when the key came with another body or query before
 * @throws StillRunningError while the first request still runs
 */
export async function once(
  write: Write,
  ports: Pick<ApiPorts, 'clock' | 'idempotency' | 'secrets' | 'settings'>,
  work: (pinned: Pinned) => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  if (write.key === undefined) return work(freshPins(ports.clock.now()));
  const key = requestKeyOf(write, bareKey(write.key));
  const claim = await claimRequest(key, write, ports);
  if (claim.how === 'done') return replayed(await firstAnswer(claim.record, key, ports, work));
  try {
    const answer = await work(samePins(claim.record)).catch(goneBefore(write, claim));
    if (answer.isUnfinished) await ports.idempotency.moveLease(key, claim.record, 0);
    // Only the message itself asks again under its id, and gets no answer: that its steps have begun is enough to know.
    else if (write.message?.hasOwnKey !== false)
      await ports.idempotency.complete(key, claim.record, await sealAnswer(answer, key, ports));
    return answer;
  } catch (error) {
    await letGo(key, claim, error, ports).catch(() => {}); // the lease runs out by itself
    throw error;
  }
}

/** `first`: no earlier request. `again`: an earlier request did not finish, and may have done some of its steps. */
interface Claim {
  readonly how: 'first' | 'again' | 'done';
  readonly record: IdempotencyRecord;
}

async function claimRequest(
  key: RequestKey,
  { query, body, message }: Write,
  ports: Pick<ApiPorts, 'clock' | 'idempotency' | 'settings'>,
): Promise<Claim> {
  const request_hash = hash(query, body);
  for (;;) {
    const now = ports.clock.now();
    const lease = now + ports.settings.requestLeaseMs;
    const seed = randomBytes(16).toString('hex');
    const record = { request_hash, seed, at: now, state: 'running', lease } as const;
    if (await ports.idempotency.begin(key, record, message ? MESSAGE_KEPT_MS : KEPT_MS))
      return { how: 'first', record };
    const found = await ports.idempotency.find(key);
    if (found === undefined) continue; // released or expired in between
    if (found.seed === seed) return { how: 'first', record }; // our own write, whose reply was lost
    if (found.request_hash !== request_hash)
      throw new KeyReusedError('This Idempotency-Key came with another request.');
    if (found.state === 'done') return { how: 'done', record: found };
    assertLeaseOver(found, now);
    if (await ports.idempotency.moveLease(key, found, lease)) return { how: 'again', record: { ...found, lease } };
  }
}

function assertLeaseOver({ lease }: IdempotencyRecord, now: number): void {
  if (lease <= now) return;
  const seconds = Math.max(1, Math.ceil((lease - now) / 1000));
  throw new StillRunningError('The first request with this Idempotency-Key is still running.', seconds);
}

/** A refusal of a first request means that no step was done: delete the record. Otherwise a repeat must resume it. */
async function letGo(
  key: RequestKey,
  { how, record }: Claim,
  error: unknown,
  { idempotency }: Pick<ApiPorts, 'idempotency'>,
): Promise<void> {
  const nothingDone = how === 'first' && problemOf(error).status < 500;
  await (nothingDone ? idempotency.release(key, record) : idempotency.moveLease(key, record, 0));
}

/** A repeated deletion that finds nothing succeeds: the earlier request deleted the object and died unanswered. */
function goneBefore({ method, gone }: Write, { how }: Claim): (error: unknown) => RouteAnswer {
  return (error) => {
    if (method === 'DELETE' && how === 'again' && error instanceof NotFoundError) return gone;
    throw error;
  };
}

async function firstAnswer(
  record: IdempotencyRecord,
  key: RequestKey,
  ports: Pick<ApiPorts, 'secrets'>,
  work: (pinned: Pinned) => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  return record.answer === undefined ? work(samePins(record)) : openAnswer(record.answer, key, ports);
}

/** What a write under this key was answered; undefined while it runs, and after the 24 hours for which that is known. */
export async function answerUnder(
  write: Pick<Write, 'scope' | 'method' | 'path'>,
  key: string,
  ports: Pick<ApiPorts, 'idempotency' | 'secrets'>,
): Promise<RouteAnswer | undefined> {
  const place = requestKeyOf(write, bareKey(key));
  const answer = (await ports.idempotency.find(place))?.answer;
  return answer === undefined ? undefined : openAnswer(answer, place, ports);
}

async function openAnswer(
  sealed: string,
  key: RequestKey,
  { secrets }: Pick<ApiPorts, 'secrets'>,
): Promise<RouteAnswer> {
  const packed = await secrets.decrypt(sealed, contextOf(key));
  const answer = inflateRawSync(Buffer.from(packed, 'base64')).toString();
  return readJson(answer, { kept: ['body'], maxDepth: Infinity, maxMembers: Infinity }).value as RouteAnswer;
}

/** The answer, encrypted, since it may show a secret that is stored nowhere else; undefined if too large to store. */
async function sealAnswer(
  answer: RouteAnswer,
  key: RequestKey,
  { secrets }: Pick<ApiPorts, 'secrets'>,
): Promise<string | undefined> {
  const packed = deflateRawSync(toJson(answer)).toString('base64');
  if (packed.length > MAX_ANSWER_BYTES) return undefined;
  const encrypted = await secrets.encrypt(packed, contextOf(key));
  return encrypted.length > MAX_ANSWER_BYTES ? undefined : encrypted;
}

function replayed(answer: RouteAnswer): RouteAnswer {
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}

const contextOf = ({ scope, fingerprint }: RequestKey): string => `${scope} ${fingerprint}`;

function requestKeyOf({ scope, method, path }: Pick<Write, 'scope' | 'method' | 'path'>, key: string): RequestKey {
  return { scope, fingerprint: hash(`${method} ${path}`, key) };
}

function hash(first: string, second: string | Buffer): string {
  return createHash('sha256').update(`${first}\n`).update(second).digest('hex');
}

/** The key without quotes: quoted (as in the IETF draft) and bare keys are equal. @throws InvalidRequestError */
function bareKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw invalid('Idempotency-Key', 'Must be 1 to 255 printable ASCII characters.');
}

export function freshPins(now: number): Pinned {
  return { now, newId: (prefix, shard) => makeId(prefix, now, randomBytes(8), shard) };
}

function samePins({ seed, at }: IdempotencyRecord): Pinned {
  let made = 0;
  const nextBytes = () => createHash('sha256').update(`${seed} ${made++}`).digest();
  return { now: at, newId: (prefix: IdPrefix, shard?: number) => makeId(prefix, at, nextBytes(), shard) };
}

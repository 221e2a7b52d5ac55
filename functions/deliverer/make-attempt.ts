import type { Delivery } from '../destinations/kind.js';
import type { Destination } from '../destinations/registry.js';
import { buildDeliveryRequest } from '../destinations/request.js';
import { decrypted } from '../destinations/secret-values.js';
import { siblingId } from '../primitives/ids.js';
import { secretsAt } from '../primitives/signing-secrets.js';
import type { RunKey } from '../protocol/rules/ports.js';
import type { DeliverToken } from '../protocol/rules/token.js';
import { type Endpoint, isEndpoint } from '../subjects/endpoints/endpoint.js';
import {
  type Attempt,
  isOfSchedule,
  type RunDefinition,
  type RunState,
  targetHolder,
} from '../subjects/task-runs/task-run.js';
import { callThrough, listenerOf } from './relayed-call.js';
import type { Worker } from './worker.js';

/** The worker of a running attempt checks this often whether a cancel was asked for. */
const CANCEL_POLL_MS = 1_000;

/**
 * Makes the one call of a claimed attempt, never before its due moment, and answers its outcome. Answers
 * undefined, without a call, if the claim's lease could end before the call: another worker may then claim the attempt.
 * `begin` is called right before the call.
 */
export async function makeAttempt(
  worker: Worker,
  run: RunDefinition,
  destination: Destination | Endpoint,
  token: DeliverToken,
  claim: Pick<RunState, 'nonce' | 'lease'>,
  begin: () => void,
): Promise<Attempt | undefined> {
  const nonce = claim.nonce!;
  const secrets = await signingSecrets(worker, run, destination);
  // The API key that signs the calls of the run's schedule.
  const apiKey = run.signing_key && (await worker.decrypt(run.signing_key, run.source.id!));
  const called = await withHeaders(worker, run, destination);
  const delivery = destination.type === undefined ? undefined : await deliveryOf(worker, run);
  const listener = await listenerOf(worker, destination);
  await waitUntil(worker, token.due);
  if (worker.clock.now() + destination.timeout_ms > claim.lease!) return undefined;
  const request = buildDeliveryRequest({
    run,
    ...(isOfSchedule(run) && { scheduleId: run.source.id! }),
    destination: called,
    attempt: token.attempt,
    nonce,
    secrets,
    ...(apiKey !== undefined && { apiKey }),
    version: worker.settings.version,
    now: worker.clock.now(),
  });
  begin();
  const outcome = await cancellable(worker, { project: run.project_id, run: run.id }, (cancel) => {
    const { headers, body } = request;
    const sent = { headers, body, timeoutMs: destination.timeout_ms, cancel, ...(delivery && { delivery }) };
    return listener
      ? callThrough(worker, listener, { run, attempt: token.attempt, nonce }, sent)
      : worker.call(destination, sent);
  });
  return {
    ...outcome,
    ...(destination.type !== undefined && { type: destination.type }),
    id: token.attempt === 1 ? siblingId('att', run.id) : nonce,
    run_id: run.id,
    project_id: run.project_id,
    ...(run.endpoint_id && { endpoint_id: run.endpoint_id }),
    attempt: token.attempt,
    lateness_ms: outcome.started_at - token.due,
    ...(token.waited && { waited: true }),
    ...(listener && { listener_id: listener.id }),
    request_headers: request.shownHeaders,
    request_id: request.requestId,
    trace_id: request.traceId,
  };
}

/** The destination with its headers in the clear. */
function withHeaders(
  { decrypt }: Pick<Worker, 'decrypt'>,
  run: RunDefinition,
  destination: Destination | Endpoint,
): Promise<Destination> {
  return decrypted(destination, decrypt, isEndpoint(destination) ? destination.id : targetHolder(run));
}

/** For kinds beside HTTP, of which the project may limit what is reached. */
async function deliveryOf({ config }: Pick<Worker, 'config'>, run: RunDefinition): Promise<Delivery> {
  const { event, title, endpoint_id } = run;
  return {
    name: event?.name ?? title,
    group: event?.key ?? endpoint_id ?? targetHolder(run),
    ofProject: (await config.project(run.project_id))?.allowed_targets,
  };
}

async function signingSecrets(
  worker: Pick<Worker, 'clock' | 'config' | 'decrypt'>,
  run: RunDefinition,
  destination: Destination | Endpoint,
): Promise<string[]> {
  const now = worker.clock.now();
  const all = (encrypted: readonly string[], id: string) =>
    Promise.all(encrypted.map((each) => worker.decrypt(each, id)));
  if (isEndpoint(destination))
    return all(secretsAt(destination.signing_secrets, destination.retiring_secrets, now), destination.id);
  const project = await worker.config.project(run.project_id);
  if (project === undefined) return [];
  return all(secretsAt([project.signing_secret], project.retiring_secrets, now), project.id);
}

/** A timer may end a fraction of a millisecond before the clock shows the moment. */
async function waitUntil({ clock }: Pick<Worker, 'clock'>, due: number): Promise<void> {
  for (let left = due - clock.now(); left > 0; left = due - clock.now()) await clock.sleep(left);
}

async function cancellable<Result>(
  worker: Pick<Worker, 'runs'>,
  key: RunKey,
  call: (cancel: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const canceller = new AbortController();
  const poll = setInterval(async () => {
    // A failed read must not fail the call; the next read may succeed.
    if (await worker.runs.isCancelRequested(key).catch(() => false)) canceller.abort();
  }, CANCEL_POLL_MS);
  try {
    return await call(canceller.signal);
  } finally {
    clearInterval(poll);
  }
}

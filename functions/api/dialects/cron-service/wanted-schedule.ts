import type { RetryPolicy } from '../../../core/endpoint/retry-policy.js';
import { InvalidRequestError } from '../../../core/faults.js';
import { givenPayload } from '../../../core/payload-schema.js';
import type { ScheduleTerms } from '../../../core/schedule/plan-schedule.js';
import { givenSchedule, scheduleSchema } from '../../../core/schedule/schedule-schema.js';
import { createKeyring, seal } from '../../../core/sealed.js';
import type { ApiPorts } from '../../../runtime/api-ports.js';
import type { FoundSchedule } from '../../find-schedule.js';
import type { Credential } from '../../route.js';
import type { WantedSchedule } from '../../schedule-requests.js';
import type { JobBody } from './job-schema.js';

/** In milliseconds. */
const TIMEOUT_MS = 300_000;

/** The schedule that a new job means. @throws InvalidRequestError where it must be signed and there is no key for it */
export async function newSchedule(
  job: JobBody,
  id: string,
  credential: Credential,
  ports: ApiPorts,
): Promise<WantedSchedule> {
  const signing_key = await signingKey(job, id, credential, ports);
  return wanted(job, {}, { retry_policy: policyOf(job), ...(signing_key !== undefined && { signing_key }) }, ports);
}

/**
 * The schedule that a changed job means. `named` are the fields that the change is about: what none of them is about stays,
 * also what this dialect has no word for.
 * @throws InvalidRequestError where it must be signed and there is no key for it
 */
export async function changedSchedule(
  job: JobBody,
  named: ReadonlySet<string>,
  { schedule, clock }: FoundSchedule,
  credential: Credential,
  ports: ApiPorts,
): Promise<WantedSchedule> {
  const { retry_policy_id, ...given } = givenSchedule(schedule, clock.status);
  const isOtherPolicy = named.has('retries') || named.has('retryDelaySeconds');
  const retry_policy = isOtherPolicy ? policyOf(job) : schedule.retry_policy;
  const signing_key = named.has('signPayloads')
    ? await signingKey(job, schedule.id, credential, ports)
    : schedule.signing_key;
  const base = retry_policy ? given : { ...given, retry_policy_id };
  const terms = { ...(retry_policy && { retry_policy }), ...(signing_key !== undefined && { signing_key }) };
  return wanted(job, base, terms, ports);
}

function wanted(
  job: JobBody,
  base: Record<string, unknown>,
  terms: ScheduleTerms,
  { settings }: ApiPorts,
): WantedSchedule {
  const { name, cronExpression, timezone, targetUrl, httpMethod, headers, body, overlapPolicy, state } = job;
  const target = { timeout_ms: TIMEOUT_MS, ...(base['target'] as object), url: targetUrl, method: httpMethod, headers };
  const given = {
    ...base,
    name,
    cron: cronExpression,
    timezone,
    target,
    payload: body && givenPayload(body),
    overlap_policy: overlapPolicy.toLowerCase(),
    status: state.toLowerCase(),
  };
  return { body: scheduleSchema(settings).parse(given), terms };
}

/** So many retries, each after so long, and no receiver has a say in it. */
function policyOf({ retries, retryDelaySeconds }: JobBody): RetryPolicy {
  return {
    strategy: 'fixed',
    base_delay_seconds: retryDelaySeconds,
    max_delay_seconds: retryDelaySeconds,
    delays_seconds: [],
    max_attempts: retries + 1,
    jitter: 'none',
    honor_retry_after: false,
  };
}

/** The calls are signed with the API key that asked for it; we keep no other copy of one. */
async function signingKey(
  { signPayloads }: JobBody,
  id: string,
  credential: Credential,
  { secrets }: ApiPorts,
): Promise<string | undefined> {
  if (!signPayloads) return undefined;
  if (credential.kind === 'key' && credential.sent !== undefined)
    return seal(createKeyring(await secrets.master()), credential.sent, id);
  const message = "Payloads are signed with this request's API key: send it as X-API-KEY.";
  throw new InvalidRequestError([{ pointer: '/signPayloads', message }]);
}

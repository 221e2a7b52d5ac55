import { invalid } from '../../../primitives/faults.js';
import { policyOfSender } from '../../../protocol/rules/policy-for.js';
import type { ApiPorts } from '../../../runtime/api-ports.js';
import type { RetryPolicy } from '../../../subjects/retry-policies/retry-policy.js';
import { bodyOfSchedule, patchedSchedule } from '../../../subjects/schedules/patched-schedule.js';
import { type ScheduleTerms, termsOf } from '../../../subjects/schedules/plan-schedule.js';
import { SCHEDULE_DEFAULTS, type SchedulePatch } from '../../../subjects/schedules/schedule-schema.js';
import type { Credential } from '../../http/route.js';
import type { FoundSchedule } from '../../requests/find.js';
import type { WantedSchedule } from '../../requests/schedule-requests.js';
import { JOB_DEFAULTS, type JobBody, type JobPatch } from './job-schema.js';

/** Timeout of a job's calls, in milliseconds. */
const TIMEOUT_MS = 300_000;

/** The schedule of a new job. @throws InvalidRequestError if its calls must be signed and the request has no key */
export async function newSchedule(
  job: JobBody,
  id: string,
  credential: Credential,
  ports: Pick<ApiPorts, 'secrets'>,
): Promise<WantedSchedule> {
  const { name, cronExpression, timezone, targetUrl, httpMethod, headers, body, overlapPolicy, state } = job;
  const signing = await signingTerms(job.signPayloads, id, credential, ports);
  return {
    body: {
      ...SCHEDULE_DEFAULTS,
      name,
      cron: cronExpression,
      timezone,
      target: { url: targetUrl, method: httpMethod, headers, timeout_ms: TIMEOUT_MS },
      ...(body && { payload: body }),
      overlap_policy: lowerCase(overlapPolicy),
      status: lowerCase(state),
    },
    terms: { body_format: 'cron-service', retry_policy: policyOf(job), ...signing },
  };
}

/**
 * The schedule of a changed job. Fields that the patch does not name stay, also fields that this dialect does not have.
 * @throws InvalidRequestError if its calls must be signed and the request has no key
 */
export async function changedSchedule(
  patch: JobPatch,
  { schedule, clock }: FoundSchedule,
  credential: Credential,
  ports: Pick<ApiPorts, 'config' | 'secrets'>,
): Promise<WantedSchedule> {
  const { retry_policy: hadPolicy, ...had } = termsOf(schedule);
  const { signing_key: _key, signing_key_id: _id, ...unsigned } = had;
  const isOtherPolicy = patch.retries !== undefined || patch.retryDelaySeconds !== undefined;
  const retry_policy = isOtherPolicy ? changedPolicy(patch, await policyOfSender(ports.config, schedule)) : hadPolicy;
  const isSigned = patch.signPayloads ?? JOB_DEFAULTS.signPayloads;
  const signing =
    patch.signPayloads === undefined
      ? had
      : { ...unsigned, ...(await signingTerms(isSigned, schedule.id, credential, ports)) };
  const asked = { ...schedulePatch(patch), ...(isOtherPolicy && { retry_policy_id: null }) };
  return {
    body: patchedSchedule(bodyOfSchedule(schedule, clock.status), asked),
    terms: { ...signing, ...(retry_policy && { retry_policy }) },
    activates: patch.state === 'ACTIVE',
  };
}

/** The job's patch as a patch of a schedule. */
function schedulePatch({ targetUrl: url, httpMethod: method, headers, ...patch }: JobPatch): SchedulePatch {
  const { name, cronExpression: cron, timezone, body: payload, overlapPolicy, state } = patch;
  const isOtherTarget = url !== undefined || method !== undefined || headers !== undefined;
  return {
    name,
    cron,
    timezone,
    ...(isOtherTarget && { target: { url, method, headers } }),
    payload,
    overlap_policy: overlapPolicy && lowerCase(overlapPolicy),
    status: state && lowerCase(state),
  };
}

const lowerCase = <Word extends string>(word: Word) => word.toLowerCase() as Lowercase<Word>;

function changedPolicy({ retries, retryDelaySeconds }: JobPatch, had: RetryPolicy): RetryPolicy {
  return policyOf({
    retries: retries === undefined ? had.max_attempts - 1 : (retries ?? JOB_DEFAULTS.retries),
    retryDelaySeconds:
      retryDelaySeconds === undefined ? had.base_delay_seconds : (retryDelaySeconds ?? JOB_DEFAULTS.retryDelaySeconds),
  });
}

/** A fixed number of retries with a fixed delay; Retry-After is ignored. */
function policyOf({ retries, retryDelaySeconds }: Pick<JobBody, 'retries' | 'retryDelaySeconds'>): RetryPolicy {
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

/** Calls are signed with the request's API key. This encrypted copy is the only stored copy of an API key. */
async function signingTerms(
  signPayloads: boolean,
  id: string,
  credential: Credential,
  { secrets }: Pick<ApiPorts, 'secrets'>,
): Promise<Pick<ScheduleTerms, 'signing_key' | 'signing_key_id'>> {
  if (!signPayloads) return {};
  if (credential.kind === 'key' && credential.sent !== undefined) {
    const signing_key = await secrets.encrypt(credential.sent, id);
    return { signing_key, signing_key_id: credential.key.id };
  }
  const message = "Payloads are signed with this request's API key: send it as X-API-KEY.";
  throw invalid('/signPayloads', message);
}

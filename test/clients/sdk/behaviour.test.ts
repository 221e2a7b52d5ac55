import {
  ApiError,
  InvalidRequestError,
  Punctual,
  PunctualError,
  type SignatureError,
  verify,
} from '../../../clients/typescript/punctual.js';
import { type CallCase, VERIFICATIONS } from '../behaviour/cases.js';
import { differences, table } from '../behaviour/check.js';
import { startScriptedApi } from '../behaviour/scripted-api.js';

const filters = { status: 'pending' as const, label: ['a:1', 'b:2'], since: new Date('2026-11-30T00:00:00.125Z') };

/** What a case calls; the programs in the other languages have the same. */
async function called(punctual: Punctual, call: CallCase['call'], idempotencyKey: string | undefined): Promise<object> {
  const { tasks } = punctual;
  const ids: string[] = [];
  switch (call) {
    case 'create':
      return idOf(
        await tasks.create({ endpoint_id: 'ep_1', payload: { a: '<ü>' } }, idempotencyKey ? { idempotencyKey } : {}),
      );
    case 'get':
      return idOf(await tasks.get('run_1'));
    case 'escape':
      return idOf(await tasks.get('a/..?b'));
    case 'cancel':
      return idOf(await tasks.cancel('run_1'));
    case 'unset':
      return idOf(await punctual.endpoints.update('ep_1', { status: 'paused', rate_limit_per_second: null }));
    case 'delete':
      await punctual.schedules.delete('sch_1');
      return {};
    case 'usage':
      await punctual.usage();
      return {};
    case 'items':
      for await (const { id } of tasks.list(filters)) ids.push(id);
      return { ids };
    case 'first':
      for await (const { id } of tasks.list()) {
        ids.push(id);
        break;
      }
      return { ids };
    case 'feed':
      for await (const { data } of punctual.feed({ label: ['a:1'], since: filters.since }, { everyMs: 500 }))
        if (ids.push(data.id) === 3) break;
      return { ids };
    case 'page': {
      const { data, next_cursor } = await tasks.list({ page_size: 2, cursor: 'run_4' }).page();
      return { ids: data.map(({ id }) => id), next_cursor };
    }
  }
}

const idOf = ({ id }: { id: string }) => ({ id });

function told(error: unknown): object {
  if (!(error instanceof ApiError)) return { error: { type: (error as PunctualError).name } };
  const { name: type, status, code, message, faults, requestId: request_id, retryAfterSeconds = null } = error;
  return { error: { type, status, code, message, faults, request_id, retry_after_seconds: retryAfterSeconds } };
}

async function verified({ headers, body, secrets, now, tolerance_seconds }: (typeof VERIFICATIONS)[number]) {
  try {
    const options = { now: new Date(now * 1000), ...(tolerance_seconds && { toleranceSeconds: tolerance_seconds }) };
    const call = await verify({ headers, body }, secrets, options);
    return {
      id: call.id,
      signed_at: call.signedAt.getTime() / 1000,
      attempt: call.attempt,
      scheduled_for: call.scheduledFor.getTime() / 1000,
      schedule_id: call.scheduleId,
      event_name: call.eventName,
      event_key: call.eventKey,
      json: call.json(),
    };
  } catch (error) {
    return { reason: (error as SignatureError).reason };
  }
}

test('the client for JavaScript does what the table of all clients says', async () => {
  const server = await startScriptedApi();
  try {
    const { calls } = table(server.url, 'typescript');
    const outcomes = calls.map(async ({ url, call, options: { retries, timeout_ms: timeoutMs, idempotency_key } }) => {
      const punctual = new Punctual({
        url,
        apiKey: 'sk_1',
        ...(retries && { retries }),
        ...(timeoutMs && { timeoutMs }),
      });
      return called(punctual, call, idempotency_key).catch(told);
    });
    const found = { calls: await Promise.all(outcomes), verifications: await Promise.all(VERIFICATIONS.map(verified)) };
    expect(differences(found, server, 'typescript')).toEqual([]);
    expect(InvalidRequestError.prototype).toBeInstanceOf(ApiError);
    expect(ApiError.prototype).toBeInstanceOf(PunctualError);
  } finally {
    await server.close();
  }
});

import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { type ShownRun, Tenant } from '../support/tenant.js';
import { PAYLOAD, type Target } from './receiver.js';

/** Longer than a cold start of every function on the way, and than an emulator's timers. */
const PATIENCE_MS = 60_000;

/** A user who does what stories do again and again. */
export class StoryTeller extends Tenant {
  /** An endpoint there, which gets so many attempts, a second apart. */
  async endpointAt({ url, headers = {} }: Target, attempts = 1, extra: object = {}) {
    const retry_policy_id = await this.policy(attempts);
    return this.endpoint(url, { headers, retry_policy_id, ...extra });
  }

  /** Sends the endpoint's calls somewhere else from now on. */
  async move(endpoint: string, { url, headers = {} }: Target): Promise<void> {
    expectStatus(await this.api.send('PATCH', `/v1/endpoints/${endpoint}`, { url, headers }), 200);
  }

  override task(endpoint_id: string, extra: object = {}): Promise<string> {
    return super.task(endpoint_id, { payload: PAYLOAD, ...extra });
  }

  override reached(id: string, status: string, patienceMs = PATIENCE_MS): Promise<ShownRun> {
    return super.reached(id, status, patienceMs);
  }

  /** The run of a replay, which may still be shown as dead for a moment. */
  async revived(id: string): Promise<ShownRun> {
    return this.shown(`/v1/tasks/${id}`, 'is a success', ({ status }) => status === 'success');
  }

  /** Ids of what a list has at once, in its order. */
  async listed(path: string): Promise<string[]> {
    const { data } = expectStatus(await this.api.get(path), 200).body;
    return data.map(({ id }: { id: string }) => id);
  }

  /** What a GET shows, once it is so. */
  // biome-ignore lint/suspicious/noExplicitAny: as the API shows it.
  async shown(path: string, what: string, isSo: (body: any) => boolean): Promise<any> {
    return eventually(
      `${path} ${what}`,
      async () => {
        const { body } = expectStatus(await this.api.get(path), 200);
        return isSo(body) && body;
      },
      PATIENCE_MS,
    );
  }
}

/** Its attempts had these outcomes, in this order, and none began before its time. */
export function assertAttempts(run: ShownRun, ...outcomes: string[]): void {
  assert.deepEqual(
    run.attempts.map(({ status }) => status),
    outcomes,
  );
  for (const { lateness_ms } of run.attempts) assert(lateness_ms >= 0, `${run.id} was called ${-lateness_ms} ms early`);
}

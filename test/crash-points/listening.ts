import { setTimeout as sleep } from 'node:timers/promises';
import type { ShownRequest } from '../../functions/subjects/listeners/listener-answers.js';
import { expectStatus, type HttpClient } from '../support/http-client.js';
import { calledAs, type ScriptedReceiver } from './scripted-receiver.js';

/** The listener asks again this long after a request that failed. */
const REPEAT_MS = 250;

interface Stage {
  readonly api: HttpClient;
  readonly receiver: ScriptedReceiver;
  readonly isClosed: boolean;
}

/** From now on a listener gets the calls of the endpoint, and answers each with 200, until the stage is closed. */
export async function startListening(stage: Stage, endpoint: string): Promise<void> {
  const { id } = expectStatus(await stage.api.post('/v1/listeners', { endpoint_ids: [endpoint] }), 201).body;
  void listen(stage, `/v1/listeners/${id}/requests`);
}

async function listen(stage: Stage, path: string): Promise<void> {
  while (!stage.isClosed) await answerAll(stage, path).catch(() => sleep(REPEAT_MS));
}

async function answerAll({ api, receiver }: Stage, path: string): Promise<void> {
  const { data }: { data: ShownRequest[] } = expectStatus(await api.get(path), 200).body;
  for (const { id, headers } of data) {
    receiver.take(calledAs(headers));
    await api.post(`${path}/${id}/answer`, { status: 200 });
  }
}

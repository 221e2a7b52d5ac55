import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../../local/chaos/random.js';
import type { Book } from './book.js';
import type { ShownLetter } from './shown.js';
import type { ChaosWorld } from './world.js';

const RESOLVED = 0.3;
const SINGLY = 0.2;

/** The owner of the doomed endpoint mends it: some of its dead letters are replayed one by one, the others in bulk. */
export async function mendAndReplay(seed: number, world: ChaosWorld, book: Book): Promise<{ readonly job: string }> {
  const { client, endpoints, receiver } = world;
  const random = randomFrom(seed, 'replaying');
  const doomed = endpoints.get('doomed')!;
  await client.must('PATCH', `/v1/endpoints/${doomed}`, { url: `${receiver.url}/mended` });

  for (const { id } of await openLetters(world, endpoints.get('picky')!)) {
    if (!random.chance(RESOLVED)) continue;
    await client.must('POST', `/v1/dead-letters/${id}/resolve`, { note: 'by hand' }, `resolve ${id}`);
    book.resolved.add(id);
  }
  for (const { id } of await openLetters(world, doomed)) {
    if (!random.chance(SINGLY)) continue;
    await client.must('POST', `/v1/dead-letters/${id}/replay`, undefined, `replay ${id}`);
    book.replayed.add(id);
  }
  const rest = await openLetters(world, doomed);
  const { id } = await client.must('POST', '/v1/dead-letters/replay', { endpoint_id: doomed }, 'bulk');
  for (const letter of rest) book.replayed.add(letter.id);
  return { job: `/v1/dead-letters/replays/${id}` };
}

function openLetters({ client }: ChaosWorld, endpoint: string): Promise<ShownLetter[]> {
  return client.all<ShownLetter>(`/v1/dead-letters?status=open&endpoint_id=${endpoint}`);
}

export async function untilReplayed({ client }: ChaosWorld, job: string): Promise<void> {
  while ((await client.must('GET', job)).status !== 'completed') await sleep(200);
}

import { type Audit, audit } from '../chaos/audit.js';
import { Book } from '../chaos/book.js';
import { decideFarRetries } from '../chaos/far-retries.js';
import { startHostileReceiver } from '../chaos/hostile-receiver.js';
import { leftovers } from '../chaos/leftovers.js';
import { mendAndReplay, untilReplayed } from '../chaos/replaying.js';
import { sendAll } from '../chaos/sending.js';
import { readAll, type Shown, untilAllFinal } from '../chaos/shown.js';
import { planTasks } from '../chaos/workload.js';
import { prepareWorld } from '../chaos/world.js';
import { eventually } from '../support/eventually.js';
import type { SwitchedStack } from './switched-stack.js';

const PATIENCE_MS = 120_000;

/** Long enough that the switch comes while clients send. */
const SPREAD_MS = 20_000;

/** The tasks, clients, receivers and audit of `npm run chaos`. Clients send while the release changes. */
export async function startLoad(stack: SwitchedStack, seed: number, count: number) {
  const tasks = planTasks(seed, count);
  const bodies = tasks.map(({ payload }) => JSON.stringify(payload));
  const receiver = await startHostileReceiver(seed, (task, body) => body === bodies[task]);
  const world = await prepareWorld(stack, receiver);
  const book = new Book();
  const sent = sendAll(seed, tasks, world, book, SPREAD_MS);
  const done = Promise.all([sent, decideFarRetries(tasks, world, book, sent)]);
  done.catch(() => {}); // `finish` throws it
  let shown: Shown | undefined;
  return {
    client: world.client,
    untilHalf: () => eventually('half of the tasks are sent', () => book.runs.size >= count / 2, PATIENCE_MS),
    /** All that clients do until every run has ended. */
    async finish(): Promise<void> {
      await done;
      await untilAllFinal(world.client, book, PATIENCE_MS);
      const { job } = await mendAndReplay(seed, world, book);
      await untilReplayed(world, job);
      await untilAllFinal(world.client, book, PATIENCE_MS);
      shown = await readAll(world.client);
    },
    /** Once the stack is stopped. The switch excuses a repeated call, as a kill does, because a call that outlasts the grace is ended. */
    audit(): Audit {
      const runs = new Set(shown!.runs.map(({ id }) => id));
      const left = leftovers(stack.data).filter(({ body }) => {
        const { run, task } = JSON.parse(body);
        return runs.has(run ?? task);
      });
      return audit({ tasks, book, calls: receiver.calls, shown: shown!, leftovers: left, kills: stack.switches });
    },
    close: () => receiver.close(),
  };
}

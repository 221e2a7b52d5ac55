import { mapBounded } from '../../primitives/map-bounded.js';
import type { Metrics } from '../../primitives/metrics.js';
import type { RunPorts } from '../rules/ports.js';
import { laneToken } from '../rules/token.js';
import { buryRun } from '../runs/bury.js';
import type { AnyQueueName, SweepPorts } from './sweep-ports.js';

/** How often a message is sent back to its queue before it stays in the DLQ, for a person. */
const MOST_TIMES = 3;
/** SQS keeps a message for fourteen days; before that its run must show how it ended. */
const BURIED_AFTER_MS = 12 * 24 * 3_600_000;
/** The attribute that counts how often a message was sent back. */
const TIMES = 'quarantined';
/** The attributes that describe a message's failures, and its lane; see `runtime/failed-messages.ts`, `runtime/crowded-lane.ts`. */
const CARRIED = ['failures', 'failing_since', 'first_received', 'lane'];

/** A message in a DLQ, where SQS or the Scheduler has put it. */
export interface SetApart {
  readonly body: string;
  /** The attributes of type String. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The message group, between which SQS shares a lane fairly. */
  readonly group?: string | undefined;
  /** When the message was first sent (Unix milliseconds). */
  readonly sentAt: number;
  readonly receipt: string;
}

/** The DLQ of a queue. Its messages were never counted by their worker, which was killed or could not start. */
export interface Quarantine {
  readonly queue: AnyQueueName;
  /** The messages of the DLQ, each once, in batches; each is hidden for a moment. */
  messages(): AsyncIterable<readonly SetApart[]>;
  /** Sends the body to the queue, and then deletes the message from the DLQ. */
  sendBack(message: SetApart, attributes: Readonly<Record<string, string>>): Promise<void>;
  /** Makes the messages visible again. */
  leave(messages: readonly SetApart[]): Promise<void>;
}

export interface QuarantinePorts extends RunPorts {
  readonly quarantines: readonly Quarantine[];
  readonly metrics: Pick<Metrics, 'count'>;
  onFailure: SweepPorts['onFailure'];
}

/**
 * Sends all messages in the DLQs back to their queues: SQS's receive count is no evidence against them. A message that
 * comes back for the fourth time stays, where an alarm shows it, and its run ends before SQS drops it.
 */
export async function redrive(ports: QuarantinePorts, isTimeUp: () => boolean): Promise<void> {
  await Promise.all(ports.quarantines.map((quarantine) => empty(ports, quarantine, isTimeUp)));
}

async function empty(ports: QuarantinePorts, quarantine: Quarantine, isTimeUp: () => boolean): Promise<void> {
  const { queue } = quarantine;
  const left: SetApart[] = [];
  try {
    for await (const messages of quarantine.messages()) {
      await mapBounded(messages, messages.length, async (message) => {
        try {
          if (!(await treat(ports, quarantine, message))) left.push(message);
        } catch (error) {
          left.push(message);
          ports.onFailure({ queue, body: message.body }, error);
        }
      });
      if (isTimeUp()) break;
    }
    await quarantine.leave(left);
  } catch (error) {
    ports.onFailure({ queue }, error);
  }
}

/** @returns whether the message has left the DLQ */
async function treat(ports: QuarantinePorts, quarantine: Quarantine, message: SetApart): Promise<boolean> {
  const times = timesOf(message);
  if (times < MOST_TIMES) {
    await quarantine.sendBack(message, { ...carried(message), [TIMES]: String(times + 1) });
    ports.metrics.count('redriven');
    return true;
  }
  if (ports.clock.now() - message.sentAt >= BURIED_AFTER_MS) await bury(ports, message);
  return false;
}

/** The attributes of the Scheduler's own failure are dropped: SQS takes ten attributes at most. */
function carried({ attributes }: SetApart): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => CARRIED.includes(name)));
}

/** An attribute with any other value counts as 0. */
function timesOf({ attributes }: SetApart): number {
  const times = Number(attributes[TIMES] ?? 0);
  return Number.isInteger(times) && times > 0 ? times : 0;
}

async function bury(ports: QuarantinePorts, { body }: SetApart): Promise<void> {
  const token = laneToken.safeParse(parsed(body));
  if (!token.success) return;
  await buryRun(ports, token.data);
  ports.metrics.count('poison_buried');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

import { createHash, randomUUID } from 'node:crypto';
import type { AwsCall, Interceptor } from '../interception.js';
import type { Answer } from '../loopback-server.js';
import { refusal } from './aws-faults.js';

/** A lasting failure of the platform. Times are Unix milliseconds, so that a storm goes on when the stack restarts. */
export type Storm = {
  readonly from: number;
  readonly until: number;
} & (
  | {
      /** One partition of a table takes at most this many writes a second; DynamoDB takes 1,000. */
      readonly kind: 'hot partition';
      readonly writesPerSecond: number;
      /** The project whose partitions are limited; by default every project. */
      readonly project?: string;
    }
  | {
      /** Queues deliver messages, but no function runs: Lambda throttles, or a function does not start. */
      readonly kind: 'no function runs';
    }
  | {
      /** Every AWS call of functions whose names begin with `functions` is refused. */
      readonly kind: 'refused';
      readonly functions: string;
    }
);

export function isNow({ from, until }: Storm, now: number): boolean {
  return from <= now && now < until;
}

/** Whether Lambda refuses to run any function now. */
export function runsNothing(storms: readonly Storm[], now: number): boolean {
  return storms.some((storm) => storm.kind === 'no function runs' && isNow(storm, now));
}

/** Refuses the calls that the present storms refuse. */
export function stormFaults(storms: readonly Storm[], now: () => number): Interceptor {
  const partitions = new Map<string, { tokens: number; at: number }>();

  function takesWrite(partition: string, perSecond: number): boolean {
    const at = now();
    const before = partitions.get(partition) ?? { tokens: perSecond, at };
    const tokens = Math.min(perSecond, before.tokens + ((at - before.at) / 1000) * perSecond);
    const taken = tokens >= 1;
    partitions.set(partition, { tokens: taken ? tokens - 1 : tokens, at });
    return taken;
  }

  function refuses(storm: Storm, call: AwsCall): boolean {
    if (storm.kind === 'refused') return call.environment.startsWith(storm.functions);
    if (storm.kind !== 'hot partition') return false;
    const key = writtenKey(call);
    if (key === undefined || !key.pk.startsWith(storm.project ?? '')) return false;
    return !takesWrite(`${key.table} ${key.pk}`, storm.writesPerSecond);
  }

  return async (call, forward) => {
    const at = now();
    const refused = storms.some((storm) => isNow(storm, at) && refuses(storm, call));
    return refused ? refusal(call.service, 'throttled') : forward();
  };
}

const WRITES = /^(Put|Update|Delete)Item$/;

function writtenKey({
  service,
  operation,
  body,
}: AwsCall): { readonly table: string; readonly pk: string } | undefined {
  if (service !== 'dynamodb' || !WRITES.test(operation)) return undefined;
  const { TableName, Item, Key } = JSON.parse(body.toString());
  return { table: TableName, pk: (Item ?? Key).pk.S };
}

/** Accepts every message and schedule, but silently loses one in `oneIn`. */
export function losing(oneIn: number, chance: () => number): Interceptor {
  return async (call, forward) => {
    if (call.service === 'scheduler' && call.operation === 'CreateSchedule' && chance() * oneIn < 1)
      return answered({ ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/lost/lost' });
    if (call.operation !== 'SendMessageBatch') return forward();
    const { Entries, ...rest } = JSON.parse(call.body.toString()) as { Entries: Entry[] };
    // No code sends again: copies of dead letters, which are for operators, and messages of the intake, which no row knows.
    const mayLose = !/DeadLetters|Intake/.test(String((rest as { QueueUrl?: string }).QueueUrl));
    const lost = mayLose ? Entries.filter(() => chance() * oneIn < 1) : [];
    if (lost.length === 0) return forward();
    const kept = Entries.filter((entry) => !lost.includes(entry));
    const answer =
      kept.length > 0 ? await forward(Buffer.from(JSON.stringify({ ...rest, Entries: kept }))) : answered({});
    if (answer === undefined || answer.status !== 200) return answer;
    const body = JSON.parse(String(answer.body));
    return answered({ ...body, Successful: [...(body.Successful ?? []), ...lost.map(asTaken)] });
  };
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

function asTaken({ Id, MessageBody }: Entry) {
  return { Id, MessageId: randomUUID(), MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}

function answered(body: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

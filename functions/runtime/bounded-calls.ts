import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';

type Client = DynamoDBClient | SQSClient | SchedulerClient;

/**
 * Lets at most `limit` calls of a client be in progress; a further call waits for the end of another call. The limit is the
 * number of the client's sockets: a call without a socket would use up its connection timeout while it waits for one.
 * Each try of a call is counted by itself, so that a try that waits for its backoff holds no socket.
 */
export function boundCalls<Bounded extends Client>(client: Bounded, limit: number): Bounded {
  let free = limit;
  const waiting: (() => void)[] = [];
  const stack = client.middlewareStack as Client['middlewareStack'];
  (stack as DynamoDBClient['middlewareStack']).add(
    (next) => async (args) => {
      if (free > 0) free--;
      else await new Promise<void>((begin) => waiting.push(begin));
      try {
        return await next(args);
      } finally {
        const begin = waiting.shift();
        if (begin) begin();
        else free++;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'boundCalls' },
  );
  return client;
}

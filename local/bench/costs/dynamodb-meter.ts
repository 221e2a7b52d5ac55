import type { ConsumedCapacity, DescribeTableOutput, GetItemOutput } from '@aws-sdk/client-dynamodb';
import type { Item } from 'dynalite/db/index.js';
import type { AwsCall, Forward } from '../../interception.js';
import type { Answer } from '../../loopback-server.js';
import { refusedWriteUnits, shapeOf, storedBytes, type TableShape, writeUnits } from './capacity.js';
import type { Units } from './units.js';

interface Metered {
  readonly answer: Answer | undefined;
  readonly units: Partial<Units>;
}

interface Write {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
}

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const READS = ['GetItem', 'BatchGetItem', 'Query'];

/**
 * Counts the costs of calls to DynamoDB. A write's units follow from the item before and after, so writes of one item
 * are serialised, each between two reads of the item.
 */
export class DynamoDbMeter {
  private readonly shapes = new Map<string, Promise<TableShape>>();
  private readonly lastWrites = new Map<string, Promise<unknown>>();

  /** `url`: URL of the server itself, for reads that are not counted. */
  constructor(private readonly url: () => string) {}

  perform(call: AwsCall, forward: Forward): Promise<Metered> {
    const request = JSON.parse(call.body.toString());
    if (WRITES.includes(call.operation)) return this.write(request, forward);
    if (READS.includes(call.operation)) return read(request, forward);
    throw new Error(`the bench does not know what DynamoDB's ${call.operation} costs`);
  }

  private async write(request: Write, forward: Forward): Promise<Metered> {
    const { TableName } = request;
    const shape = await this.shapeOf(TableName);
    const Key = Object.fromEntries(shape.table.key.map((name) => [name, (request.Item ?? request.Key)![name]!]));
    const name = JSON.stringify([TableName, Key]);
    return this.oneByOne(name, async () => {
      const before = await this.look(TableName, Key);
      const answer = await forward();
      return { answer, units: changeUnits(shape, answer, before, await this.look(TableName, Key)) };
    });
  }

  private oneByOne<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.lastWrites.get(name) ?? Promise.resolve()).then(work);
    const ended: Promise<void> = turn.then(
      () => {},
      () => {},
    );
    this.lastWrites.set(name, ended);
    void ended.then(() => this.lastWrites.get(name) === ended && this.lastWrites.delete(name));
    return turn;
  }

  private async look(TableName: string, Key: object): Promise<Item | undefined> {
    const { Item } = await this.ask<GetItemOutput>('GetItem', { TableName, Key, ConsistentRead: true });
    return Item as Item | undefined;
  }

  private shapeOf(TableName: string): Promise<TableShape> {
    const known = this.shapes.get(TableName);
    if (known) return known;
    const asked = this.ask<DescribeTableOutput>('DescribeTable', { TableName }).then(({ Table }) => shapeOf(Table!));
    this.shapes.set(TableName, asked);
    return asked;
  }

  private async ask<Output>(operation: string, request: object): Promise<Output> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local',
    };
    const response = await fetch(this.url(), { method: 'POST', headers, body: JSON.stringify(request) });
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Output;
  }
}

function changeUnits(shape: TableShape, answer: Answer | undefined, before?: Item, after?: Item): Partial<Units> {
  if (answer?.status === 200) {
    const stored = storedBytes(shape, after) - storedBytes(shape, before);
    return { writeUnits: writeUnits(shape, before, after), storedBytes: stored };
  }
  const refused = String(answer?.body).includes('ConditionalCheckFailed');
  return refused ? { writeUnits: refusedWriteUnits(before) } : {};
}

/** The server answers the units of a read, without AWS's minimum charge. */
async function read(request: { ConsistentRead?: boolean }, forward: Forward): Promise<Metered> {
  const answer = await forward(Buffer.from(JSON.stringify({ ...request, ReturnConsumedCapacity: 'TOTAL' })));
  if (answer?.status !== 200) return { answer, units: {} };
  const { ConsumedCapacity = [] } = JSON.parse(answer.body.toString());
  const consumed = [ConsumedCapacity]
    .flat()
    .reduce((total, { CapacityUnits = 0 }: ConsumedCapacity) => total + CapacityUnits, 0);
  return { answer, units: { readUnits: Math.max(request.ConsistentRead ? 1 : 0.5, consumed) } };
}

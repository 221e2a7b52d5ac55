import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isLive, type Key } from './keys.js';

/** Values by name: `seen` stands in an expression as `:seen`. Undefined values are left out. */
type Values = Readonly<Record<string, unknown>>;
// biome-ignore lint/suspicious/noExplicitAny: a row has what its store has put there
type Attributes = Record<string, any>;

/** What a Query asks for besides its key condition. */
type Asked = Partial<Omit<QueryCommandInput, 'TableName' | 'KeyConditionExpression'>>;

/**
 * The calls of one table. In an expression `#name` is the attribute `name`: DynamoDB reserves many words. A conditional
 * write (`…If`) answers whether its condition held, and throws every other error.
 */
export class Table {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly name: string,
  ) {}

  /** Strongly consistent, unless asked otherwise. */
  async get<Item = Attributes>(key: Key, ConsistentRead = true): Promise<Item | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.name, Key: bare(key), ConsistentRead }));
    return Item as Item | undefined;
  }

  /** As `get`; an expired item that DynamoDB has not deleted yet counts as absent. `now` is in Unix milliseconds. */
  async getLive<Item extends { readonly ttl: number }>(
    key: Key,
    now: number,
    consistent?: boolean,
  ): Promise<Item | undefined> {
    const item = await this.get<Item>(key, consistent);
    return item && isLive(item, now) ? item : undefined;
  }

  async put(Item: object): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.name, Item }));
  }

  putIf(Item: object, condition: string, values: Values = {}): Promise<boolean> {
    return held(this.client.send(new PutCommand({ TableName: this.name, Item, ...when(condition, values) })));
  }

  /** Puts the item if its key is free. An expired item counts as absent. `now` is in Unix milliseconds. */
  putIfAbsent(item: { readonly ttl: number }, now: number): Promise<boolean> {
    return this.putIf(item, 'attribute_not_exists(pk) OR #ttl <= :now', { now: Math.floor(now / 1000) });
  }

  /** Puts version 1 only where the key is free, a later version only over the version before it. */
  putVersion(item: { readonly version: number }): Promise<boolean> {
    return item.version === 1
      ? this.putIf(item, 'attribute_not_exists(pk)')
      : this.putIf(item, 'version = :seen', { seen: item.version - 1 });
  }

  /** Answers the item as it is afterwards; undefined if the condition did not hold. */
  async update(
    key: Key,
    UpdateExpression: string,
    values: Values,
    condition?: string,
  ): Promise<Attributes | undefined> {
    let after: Attributes | undefined;
    const update = this.updateCommand(key, UpdateExpression, values, condition, 'ALL_NEW');
    await held(this.client.send(update).then(({ Attributes }) => (after = Attributes)));
    return after;
  }

  updateIf(key: Key, UpdateExpression: string, condition: string, values: Values): Promise<boolean> {
    return held(this.client.send(this.updateCommand(key, UpdateExpression, values, condition)));
  }

  async remove(key: Key): Promise<void> {
    await this.client.send(new DeleteCommand({ TableName: this.name, Key: bare(key) }));
  }

  removeIf(key: Key, condition: string, values: Values = {}): Promise<boolean> {
    return held(
      this.client.send(new DeleteCommand({ TableName: this.name, Key: bare(key), ...when(condition, values) })),
    );
  }

  /** What one Query answers: at most `Limit` items or a megabyte. Where more may follow, `last` is the last key. */
  async page<Item = Attributes>(
    condition: string,
    values: Values,
    asked: Asked = {},
  ): Promise<{ readonly items: Item[]; readonly count: number; readonly last?: Attributes | undefined }> {
    const { FilterExpression, ProjectionExpression } = asked;
    const {
      Items = [],
      Count = 0,
      LastEvaluatedKey,
    } = await this.client.send(
      new QueryCommand({
        TableName: this.name,
        KeyConditionExpression: condition,
        ...asked,
        ...namesAndValues(values, condition, FilterExpression, ProjectionExpression),
      }),
    );
    return { items: Items as Item[], count: Count, last: LastEvaluatedKey };
  }

  /** The pages of a Query. A page is read only when the caller asks for it. */
  async *pages<Item>(condition: string, values: Values, asked: Asked = {}): AsyncGenerator<Item[], void> {
    let start = {};
    for (;;) {
      const { items, last } = await this.page<Item>(condition, values, { ...asked, ...start });
      yield items;
      if (last === undefined) return;
      start = { ExclusiveStartKey: last };
    }
  }

  private updateCommand(
    key: Key,
    UpdateExpression: string,
    values: Values,
    condition?: string,
    ReturnValues?: 'ALL_NEW',
  ): UpdateCommand {
    return new UpdateCommand({
      TableName: this.name,
      Key: bare(key),
      UpdateExpression,
      ...(condition !== undefined && { ConditionExpression: condition }),
      ...namesAndValues(values, UpdateExpression, condition),
      ...(ReturnValues && { ReturnValues }),
    });
  }
}

const bare = ({ pk, sk }: Key): Record<string, string> => ({ pk, sk });

const when = (condition: string, values: Values) => ({
  ConditionExpression: condition,
  ...namesAndValues(values, condition),
});

function namesAndValues(values: Values, ...expressions: (string | undefined)[]) {
  const names = expressions.join(' ').match(/#\w+/g) ?? [];
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(given.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    }),
  };
}

/** Whether a conditional write took effect. @throws every error but a failed condition */
async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

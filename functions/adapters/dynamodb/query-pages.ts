import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** What a Query finds, an answer at a time: `Limit` items or a megabyte. Nothing is asked for before it is wanted. */
export async function* queryPages<Item>(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
): AsyncGenerator<Item[], void> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }),
    );
    yield Items as Item[];
    start = LastEvaluatedKey;
  } while (start);
}

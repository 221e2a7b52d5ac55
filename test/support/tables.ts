import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** A table with a sparse index for each of these attributes. */
export function tableOf(name: string, indexes: readonly string[] = []): CreateTableCommandInput {
  return tableWith(
    name,
    indexes.map((index) => [index, index, 'sk']),
  );
}

/** The table of the configuration, with its index by names. */
export function configTable(name: string): CreateTableCommandInput {
  return tableWith(name, [['name', 'pk', 'name']]);
}

type Index = readonly [name: string, hash: string, range: string];

function tableWith(TableName: string, indexes: readonly Index[]): CreateTableCommandInput {
  const attributes = new Set(['pk', 'sk', ...indexes.flatMap(([, ...keys]) => keys)]);
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys('pk', 'sk'),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([name, hash, range]) => ({
        IndexName: `${name}-index`,
        KeySchema: keys(hash, range),
        Projection: { ProjectionType: 'KEYS_ONLY' as const },
      })),
    }),
  };
}

function keys(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
}

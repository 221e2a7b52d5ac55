import { dynamoDbElsewhere } from '../../../local/dynamodb/elsewhere.js';
import { type DynamoDbServer, startDynamoDb } from '../../../local/dynamodb/server.js';

/** Where `npm run conformance` has another DynamoDB, to hold the same suites against. */
const ELSEWHERE = process.env['CONFORMANCE_DYNAMODB'];

/** Ours, unless another is named. */
export async function startDynamoDbUnderTest(): Promise<DynamoDbServer> {
  return ELSEWHERE === undefined ? startDynamoDb() : dynamoDbElsewhere(ELSEWHERE);
}

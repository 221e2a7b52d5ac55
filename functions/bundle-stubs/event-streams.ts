/** For operations with event streams as bodies: our calls of DynamoDB, SQS, Scheduler and Secrets Manager have none. */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles: see lib/bundles.ts');
  }
}

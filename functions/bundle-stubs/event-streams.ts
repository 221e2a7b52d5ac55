/**
 * For operations with event streams as bodies: our calls of DynamoDB, SQS, Scheduler and Secrets Manager have none. The
 * real module is 20 KB of each bundle.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles: see lib/bundles.ts');
  }
}

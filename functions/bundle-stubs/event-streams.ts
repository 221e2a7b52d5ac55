/** For operations whose bodies are streams of events: none of DynamoDB, SQS, Scheduler and Secrets Manager is one. */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles: see lib/bundles.ts');
  }
}

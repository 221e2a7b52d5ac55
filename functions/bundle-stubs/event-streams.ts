/**
 * For operations with event streams as bodies: our calls of DynamoDB, SQS, Scheduler and Secrets Manager have none. The
 * real module is 20 KB of each bundle.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of the bundles: see lib/bundles.ts');
  }
}

/** The client of Lambda asks for them at its start. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
export const eventStreamSerdeProvider = () => new EventStreamSerde();

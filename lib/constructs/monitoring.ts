import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { Alarms, type AlarmTopics } from './alarms.js';
import { Overview } from './dashboard.js';
import { PunctualMetrics } from './metrics.js';
import type { Watched } from './watched.js';

/** The dashboard, and the alarms with their topics. */
export class Monitoring extends Construct {
  /** `urgent`: work waits, or may be lost. `notices`: to be looked at on the next working day. */
  readonly topics: Readonly<Record<keyof AlarmTopics, Topic>>;

  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, settings: StageSettings, watched: Watched) {
    super(scope, id);
    this.topics = { urgent: this.topic('Urgent', settings), notices: this.topic('Notices', settings) };
    const metrics = new PunctualMetrics(settings);
    this.alarms = new Alarms(this, 'Alarms', settings, watched, metrics, this.topics);
    new Overview(this, 'Overview', settings, watched, metrics, this.alarms.all);
  }

  private topic(id: string, { stage, alarmEmail }: StageSettings): Topic {
    // Not encrypted with the managed key of SNS: alarms could not publish to the topic. Alarms hold no secret.
    const topic = new Topic(this, id, { displayName: `Punctual ${stage}: ${id.toLowerCase()}`, enforceSSL: true });
    // `enforceSSL` replaces the default policy, which lets the account's alarms publish.
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}

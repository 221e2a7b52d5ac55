import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { Alarms } from './alarms.js';
import { Overview } from './dashboard.js';
import { PunctualMetrics } from './metrics.js';
import type { Watched } from './watched.js';

/** The dashboard, and the alarms with their topic. */
export class Monitoring extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, settings: StageSettings, watched: Watched) {
    super(scope, id);
    // Not encrypted with the managed key of SNS: alarms could not publish to the topic. Alarms hold no secret.
    this.topic = new Topic(this, 'Topic', { displayName: `Punctual ${settings.stage}`, enforceSSL: true });
    // `enforceSSL` replaces the default policy, which lets the account's alarms publish.
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
    if (settings.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    const metrics = new PunctualMetrics(settings);
    const alarms = new Alarms(this, 'Alarms', watched, metrics, this.topic);
    new Overview(this, 'Overview', watched, metrics, alarms.all);
  }
}

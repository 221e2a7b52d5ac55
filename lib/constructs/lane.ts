import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { mostInvocations } from '../concurrency.js';
import type { Pollers, StageSettings } from '../config.js';
import { DurableQueue } from './durable-queue.js';
import { PunctualFunction } from './punctual-function.js';
import { grantTargets } from './target-rights.js';
import { WorkQueue } from './work-queue.js';

export interface LaneProps {
  readonly settings: StageSettings;
  /** Folder of the deliverer's bundle: all lanes run the same code. */
  readonly bundle: string;
  readonly name: 'fast' | 'slow' | 'crowded';
  /** Timeout of the deliverer: the longest call of this lane, and time to record its outcome. */
  readonly timeoutSeconds: number;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly pollers?: Pollers | undefined;
}

/** A delivery queue, its deliverer, and the DLQ that SQS alone fills. */
export class Lane extends Construct {
  readonly deliverer: PunctualFunction;
  readonly queue: WorkQueue;
  readonly deadLetters: DurableQueue;

  constructor(scope: Construct, id: string, { settings, bundle, name, timeoutSeconds, ...pace }: LaneProps) {
    super(scope, id);
    const prefix = name.toUpperCase();
    this.deliverer = new PunctualFunction(this, 'Deliverer', {
      settings,
      bundle,
      memorySize: 256,
      timeout: Duration.seconds(timeoutSeconds),
      feedsItself: true,
      // Name lookups take one of libuv's threads each, four by default, and a batch has ten calls.
      environment: {
        LANE: name,
        UV_THREADPOOL_SIZE: '16',
        ...projectPlaces(settings),
        ...(settings.tracing !== 'off' && { TRACING: settings.tracing }),
      },
    });
    grantTargets(this.deliverer, settings.allowedTargets ?? []);
    const existing = settings.existing?.queues?.[`${name}Lane`];
    this.deadLetters = new DurableQueue(this, 'Dlq', {
      settings,
      urlName: `${prefix}_LANE_DLQ_URL`,
      existing: existing?.dlq,
    });
    this.queue = new WorkQueue(this, 'Queue', {
      ...pace,
      settings,
      urlName: `${prefix}_LANE_URL`,
      existing: existing?.queue,
      consumer: this.deliverer,
      deadLetters: this.deadLetters,
    });
  }
}

/** How many invocations of a lane one project may have at a time. 0: as many as there are. */
function projectPlaces(settings: StageSettings): Record<string, string> {
  const { projectShare, fastLanePollers, fastLaneConcurrency, slowLaneConcurrency } = settings;
  const placesOf = (concurrency: number) => String(projectShare < 1 ? Math.ceil(projectShare * concurrency) : 0);
  return {
    FAST_LANE_PROJECT_PLACES: placesOf(mostInvocations(fastLaneConcurrency, fastLanePollers)),
    SLOW_LANE_PROJECT_PLACES: placesOf(slowLaneConcurrency),
  };
}

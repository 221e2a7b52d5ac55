import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createStatsStore } from '../../functions/storage/stats-store.js';
import { addHistogram, type Histogram, noStats, noteValue } from '../../functions/subjects/stats/hour-stats.js';
import { HOUR_MS, type HourRecord, hourOf } from '../../functions/subjects/stats/stats-ports.js';
import type { LocalStack } from '../../local/local-stack.js';

const DAYS = 30;

/** A month that the reconciler would have counted: busy days, quiet nights, and a receiver that was down for three hours. */
export async function seedStats(stack: LocalStack, project: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: stack.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const store = createStatsStore(
    DynamoDBDocumentClient.from(client),
    stack.functionPool('Api').definition.environment['RUNS_TABLE']!,
    (DAYS + 1) * 24 * HOUR_MS,
  );
  const last = hourOf(Date.now()) - HOUR_MS;
  for (let ago = DAYS * 24 - 2; ago >= 0; ago--) await store.put(project, anHour(last - ago * HOUR_MS, ago));
  client.destroy();
}

function anHour(hour: number, ago: number): HourRecord {
  const timeOfDay = new Date(hour).getUTCHours();
  const isDown = ago >= 9 && ago < 12;
  const attempts = Math.round(900 + 700 * Math.sin(((timeOfDay - 9) / 24) * 2 * Math.PI) + 37 * (ago % 7));
  const failed = Math.round(attempts * (isDown ? 0.22 : 0.008));
  const timed_out = Math.round(attempts * (isDown ? 0.06 : 0.002));
  const success = attempts - failed - timed_out;
  const outcomes = { ...noStats().outcomes, success, failed, timed_out, dead_letters: isDown ? 14 : 0 };
  const latency = spread(attempts, 38 + (ago % 5) * 3, isDown ? 60 : 6);
  const lateness = spread(attempts, 3, isDown ? 90 : 7);
  return { hour, version: 1, stats: { outcomes, latency, lateness, failing: {} }, factor: 1 };
}

/** Values about `middle`, one in a hundred of them `tail` times as long. */
function spread(count: number, middle: number, tail: number): Histogram {
  const histogram: Histogram = {};
  for (const [factor, share] of [
    [0.8, 0.3],
    [1, 0.4],
    [1.5, 0.2],
    [2.4, 0.085],
    [tail, 0.015],
  ] as const) {
    const one: Histogram = {};
    noteValue(one, middle * factor);
    addHistogram(histogram, one, Math.round(count * share));
  }
  return histogram;
}

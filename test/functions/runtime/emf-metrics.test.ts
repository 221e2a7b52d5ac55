import { createEmfMetrics } from '../../../functions/runtime/emf-metrics.js';

function someMetrics() {
  const lines: string[] = [];
  const time = { now: 1_800_000_000_000 };
  const metrics = createEmfMetrics(
    { stage: 'dev', version: '1.2.3' },
    (line) => lines.push(line),
    () => time.now,
  );
  return { time, metrics, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

test('an invocation that counted nothing prints nothing', () => {
  const { metrics, lines } = someMetrics();
  metrics.count('rearmed', 0);
  metrics.flush();
  expect(lines).toEqual([]);
});

test('all of an invocation is one line that CloudWatch understands', () => {
  const { metrics, lines, parsed } = someMetrics();
  metrics.count('delivered');
  metrics.count('delivered');
  metrics.measure('latency_ms', 120);
  metrics.measure('latency_ms', 80);
  metrics.flush();
  metrics.flush();
  expect(lines.join()).not.toContain('\n');
  expect(parsed()).toEqual([
    {
      _aws: {
        Timestamp: 1_800_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Punctual',
            Dimensions: [['stage']],
            Metrics: [
              { Name: 'delivered', Unit: 'Count' },
              { Name: 'latency_ms', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      stage: 'dev',
      version: '1.2.3',
      delivered: 2,
      latency_ms: [120, 80],
    },
  ]);
});

test('the next invocation begins at nothing', () => {
  const { metrics, parsed } = someMetrics();
  metrics.count('delivered');
  metrics.flush();
  metrics.count('skipped');
  metrics.flush();
  expect(parsed()[1]).toMatchObject({ skipped: 1 });
  expect(parsed()[1]).not.toHaveProperty('delivered');
});

test('no line has more than the 100 values of a metric that CloudWatch takes', () => {
  const { metrics, parsed } = someMetrics();
  const given = Array.from({ length: 250 }, (_, index) => index);
  for (const value of given) metrics.measure('lateness_ms', value);
  metrics.flush();
  const values = parsed().map((line) => line.lateness_ms);
  expect(values.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(values.flat()).toEqual(given);
});

test('the failures of a batch are named beside its numbers', () => {
  const { metrics, parsed } = someMetrics();
  const note = { project: 'proj_1', run: 'run_1', attempt: 'att_1', status: 'retry_scheduled', because: 'http_503' };
  metrics.count('failed_attempts');
  metrics.note(note);
  metrics.flush();
  expect(parsed()).toMatchObject([{ failed_attempts: 1, unsuccessful: [note] }]);
});

test('a busy one prints three lines a second, in which all is told, under its own moment', () => {
  const { time, metrics, parsed } = someMetrics();
  for (let n = 0; n < 100; n += 1) {
    metrics.count('accepted');
    metrics.flushSeldom();
    time.now += 20;
  }
  const told = parsed();
  expect(told.map(({ accepted }) => accepted)).toEqual([1, 1, 1, 48, 1, 1]);
  metrics.flush();
  expect(parsed().at(-1)).toMatchObject({ accepted: 47 });
});

test('what waits for its line keeps its moment; who has counted nothing uses none up', () => {
  const { time, metrics, parsed } = someMetrics();
  for (let n = 0; n < 10; n += 1) metrics.flushSeldom();
  for (let n = 0; n < 4; n += 1) {
    metrics.count('accepted');
    metrics.flushSeldom();
  }
  const countedAt = time.now;
  time.now += 600_000;
  metrics.flushSeldom();
  expect(parsed()).toHaveLength(4);
  expect(parsed().at(-1)._aws.Timestamp).toBe(countedAt);
});
